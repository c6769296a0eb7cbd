import type { JsonObject } from '../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../base/json.ts'
import { keptFolder } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'
import type { LocalText } from '../node-setting.ts'

/** A document of PingIDM's configuration, which is of the server as a whole; undefined where there is none. */
export async function idmDocument(
  { settings }: Pick<Realm, 'settings'>,
  name: string,
): Promise<JsonObject | undefined> {
  const stored = await settings.get(
    `${keptFolder('/')}/${encodeURIComponent(`openidm/config/${name}`)}`,
  )
  const record = stored && parseJsonObject(stored.value.toString())
  const document = record && member(record, 'document')
  return isObject(document) ? document : undefined
}

/** Questions that prove somebody, and how many of them (PingIDM: `selfservice.kba`). */
export interface KbaSettings {
  readonly questions: Readonly<Record<string, LocalText>>
  readonly toDefine: number
  readonly toVerify: number
}

const usual: KbaSettings = {
  questions: {
    1: { en: "What's your favorite color?" },
    2: { en: 'Who was your first employer?' },
  },
  ...{ toDefine: 1, toVerify: 1 },
}

/** What PingIDM says of questions where nobody has saved others. */
export const usualKba: JsonObject = {
  kbaPropertyName: 'kbaInfo',
  minimumAnswersToDefine: usual.toDefine,
  minimumAnswersToVerify: usual.toVerify,
  questions: usual.questions,
}

export async function kbaSettings(realm: Pick<Realm, 'settings'>): Promise<KbaSettings> {
  const document = (await idmDocument(realm, 'selfservice.kba')) ?? {}
  const questions = member(document, 'questions')
  const found = Object.entries(isObject(questions) ? questions : {}).flatMap(([id, texts]) =>
    isObject(texts) ? [[id, texts as LocalText] as const] : [],
  )
  const count = (name: string, fallback: number): number => {
    const value = member(document, name)
    const fits = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 10
    return fits ? value : fallback
  }
  return {
    questions: found.length === 0 ? usual.questions : Object.fromEntries(found),
    toDefine: count('minimumAnswersToDefine', usual.toDefine),
    toVerify: count('minimumAnswersToVerify', usual.toVerify),
  }
}

/** The terms that hold now. */
export interface ActiveTerms {
  readonly version: string
  readonly terms: LocalText
  readonly createDate: string
}

/** PingIDM: `selfservice.terms`; undefined where there are none. */
export async function activeTerms(
  realm: Pick<Realm, 'settings'>,
): Promise<ActiveTerms | undefined> {
  const document = (await idmDocument(realm, 'selfservice.terms')) ?? {}
  const [active, versions] = [member(document, 'active'), member(document, 'versions')]
  const listed = Array.isArray(versions) ? versions.filter(isObject) : []
  const found = listed.find((each) => member(each, 'version') === active)
  if (found === undefined || typeof active !== 'string') return undefined
  const [terms, createDate] = [member(found, 'termsTranslations'), member(found, 'createDate')]
  return {
    version: active,
    terms: isObject(terms) ? (terms as LocalText) : {},
    createDate: typeof createDate === 'string' ? createDate : '',
  }
}
