import type { Realm } from '../realm/realm.ts'
import type { ScriptRules } from '../realm/script/rules.ts'
import { usualScriptRules } from '../realm/script/rules.ts'

export function rulesOf({ scripts = usualScriptRules }: Pick<Realm, 'scripts'>): ScriptRules {
  return scripts
}
