import { kinds } from '../../config/index.ts'
import { acceptStore } from './accept-store.ts'
import { acceptTime } from './accept-time.ts'
import { apply } from './apply.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { exportStore } from './export.ts'
import { health } from './health.ts'
import { help } from './help.ts'
import { compliance } from './history/compliance.ts'
import { explain } from './history/explain.ts'
import { importInto } from './import/import.ts'
import { init } from './init.ts'
import { lint } from './lint/lint.ts'
import { admin } from './object/admin.ts'
import { objectCommand } from './object/command.ts'
import { removeDemo } from './remove-demo.ts'
import { rotateKeys } from './rotate-keys.ts'
import { serve } from './serve.ts'
import { store } from './store/doctor.ts'
import { migrate } from './store/migrate.ts'

/** Every command, in the order in which help tells them. */
export const commands: readonly Command[] = [
  serve,
  init,
  check,
  apply,
  exportStore,
  explain,
  compliance,
  lint,
  importInto,
  ...kinds.map(objectCommand),
  admin,
  rotateKeys,
  removeDemo,
  acceptStore,
  acceptTime,
  migrate,
  store,
  health,
  help,
]
