import type { ImportAsked, Source } from './found.ts'
import { frodo } from './frodo/frodo.ts'
import { jsonl } from './jsonl.ts'
import { keycloak } from './keycloak/keycloak.ts'
import { ldif } from './ldif/ldif.ts'

/** What another system exports, and how it is read. */
interface System {
  readonly name: string
  /** @throws NotReadable where the file is not what it should be. */
  open(path: string, asked: ImportAsked): Promise<Source>
}

export const systems: readonly System[] = [
  { name: 'keycloak', open: keycloak },
  { name: 'frodo', open: frodo },
  { name: 'ldif', open: ldif },
  { name: 'jsonl', open: jsonl },
]
