import type { Realm } from '../realm/realm.ts'
import type { ScriptRules } from '../realm/script.ts'
import { usualScriptRules } from '../realm/script.ts'

export function rulesOf({ scripts = usualScriptRules }: Pick<Realm, 'scripts'>): ScriptRules {
  return scripts
}
