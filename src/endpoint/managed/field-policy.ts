import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { PasswordSettings } from '../../user/new-password/policy.ts'

type Settings = PasswordSettings['provider']

/** One rule of a password policy as PingIDM writes it, and the settings of a realm that it is here. */
interface Validator {
  readonly type: string
  readonly show: (settings: Settings) => JsonObject
  /** What a rule of that kind means here; names of what of it means nothing. */
  readonly read: (rule: JsonObject) => Meaning
}

interface Meaning {
  readonly settings: Partial<Settings>
  readonly unserved: readonly string[]
}

const sets = [
  { setting: 'passwordMinCapitals', of: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', fits: /^\p{Lu}+$/u },
  { setting: 'passwordMinNumbers', of: '0123456789', fits: /^\p{Nd}+$/u },
  {
    setting: 'passwordMinOthers',
    of: '~!@#$%^&*()-_=+[]{}|;:,.<>/?"\'\\`',
    fits: /^[^\p{L}\p{Nd}]+$/u,
  },
] as const

const validators: readonly Validator[] = [
  {
    type: 'length-based',
    show: ({ passwordMinLength }) => ({
      ...{ enabled: true, maxPasswordLength: 0, minPasswordLength: passwordMinLength },
    }),
    read: (rule) => ({
      settings: { passwordMinLength: isOff(rule) ? 8 : numberAt(rule, 'minPasswordLength') },
      unserved: numberAt(rule, 'maxPasswordLength') > 0 ? ['maxPasswordLength'] : [],
    }),
  },
  {
    type: 'character-set',
    show: (settings) => ({
      ...{ enabled: sets.some(({ setting }) => settings[setting] > 0) },
      ...{ allowUnclassifiedCharacters: true, minCharacterSets: 0 },
      characterSet: sets.map(({ setting, of }) => `${settings[setting]}:${of}`),
    }),
    read: readSets,
  },
  {
    type: 'attribute-value',
    show: ({ passwordRefuseName }) => ({
      ...{ enabled: passwordRefuseName, checkSubstrings: true, matchAttribute: ['userName'] },
    }),
    read(rule) {
      const names = textsAt(rule, 'matchAttribute')
      const more = isOff(rule) ? [] : names.filter((name) => name !== 'userName')
      const refuse = !isOff(rule) && names.includes('userName')
      return { settings: { passwordRefuseName: refuse }, unserved: more }
    },
  },
  {
    type: 'dictionary',
    show: ({ passwordRefuseCommon }) => ({ enabled: passwordRefuseCommon }),
    read: (rule) => ({ settings: { passwordRefuseCommon: !isOff(rule) }, unserved: [] }),
  },
]

/** `3:ABC`: three characters at least of those. */
function readSets(rule: JsonObject): Meaning {
  const asked = isOff(rule) ? [] : textsAt(rule, 'characterSet').map(partsOf)
  const settings = sets.map(({ setting, fits }) => {
    const least = asked.filter(({ of }) => fits.test(of)).map((each) => each.least)
    return [setting, Math.max(0, ...least)] as const
  })
  const others = asked.filter(
    ({ least, of }) => least > 0 && !sets.some(({ fits }) => fits.test(of)),
  )
  const strict = !isOff(rule) && member(rule, 'allowUnclassifiedCharacters') === false
  const some = !isOff(rule) && numberAt(rule, 'minCharacterSets') > 0
  return {
    settings: Object.fromEntries(settings),
    unserved: [
      ...(others.length > 0 ? ['characterSet'] : []),
      ...(strict ? ['allowUnclassifiedCharacters'] : []),
      ...(some ? ['minCharacterSets'] : []),
    ],
  }
}

function partsOf(text: string): { readonly least: number; readonly of: string } {
  const [, least = '0', of = ''] = /^(\d+):(.*)$/s.exec(text) ?? []
  return { least: Number(least), of }
}

/** The policy of a realm in PingIDM's words. What somebody had put there beside it stays around it. */
export function showPolicy(settings: Settings, id: string, kept: JsonObject = {}): JsonObject {
  const rules = rulesOf(kept)
  const own = validators.map(({ type, show }) => ({
    _id: `${id}PasswordPolicy-${type}-password-validator`,
    ...rules.find((rule) => member(rule, 'type') === type),
    ...{ type, ...show(settings) },
  }))
  const foreign = rules.filter(
    (rule) => !validators.some(({ type }) => member(rule, 'type') === type),
  )
  return {
    ...{ type: 'password-policy', passwordAttribute: 'password' },
    resourceCollection: `managed/${id}`,
    ...kept,
    _id: `fieldPolicy/${id}`,
    validator: [...own, ...foreign],
  }
}

/** What a policy is here, and by their types what of its rules is not. A rule that is left out is off. */
export function readPolicy(document: JsonObject): Meaning {
  const rules = rulesOf(document)
  const found = validators.map(({ type, read }) => {
    const rule = rules.find((each) => member(each, 'type') === type) ?? { enabled: false }
    const { settings, unserved } = read(rule)
    return { settings, unserved: unserved.map((name) => `${type}.${name}`) }
  })
  const foreign = rules.flatMap((rule) => {
    const type = member(rule, 'type')
    const known = isOff(rule) || validators.some((each) => each.type === type)
    return known ? [] : [typeof type === 'string' ? type : 'validator']
  })
  return {
    settings: Object.assign({}, ...found.map(({ settings }) => settings)) as Partial<Settings>,
    unserved: [...found.flatMap(({ unserved }) => unserved), ...foreign],
  }
}

function rulesOf(document: JsonObject): readonly JsonObject[] {
  const rules = member(document, 'validator')
  return Array.isArray(rules) ? (rules as readonly Json[]).filter(isObject) : []
}

function isOff(rule: JsonObject): boolean {
  return member(rule, 'enabled') === false
}

function numberAt(rule: JsonObject, name: string): number {
  const value = member(rule, name)
  return typeof value === 'number' ? value : 0
}

function textsAt(rule: JsonObject, name: string): readonly string[] {
  const value = member(rule, name)
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((each) => typeof each === 'string')
    : []
}
