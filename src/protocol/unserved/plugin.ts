import type { JsonObject } from '../../base/json.ts'
import type { Neutral, Stops } from '../unserved.ts'
import { only, stopping } from '../unserved.ts'

const registry = 'org.forgerock.oauth2.core.plugins.registry'
/** PingAM's own class under its old name. */
const older = 'org.forgerock.openam.oauth2.OpenAMScopeValidator'

/** A point at which a realm or a client of PingAM may have a class or a script of its own. */
interface PluginPoint {
  /** What a class of one's own stops, and a script where none is run. */
  readonly stops: Stops
  /** Scripts of one's own are run. */
  readonly runs?: true
  /** The attribute of the class, where it is not `<name>Class`. */
  readonly classAttribute?: string
  /** PingAM's own class, if it has one: what it does is done here anyway. */
  readonly class?: string
  /**
   * The scripts that PingAM and Advanced Identity Cloud ship: they give the standard claims and change no
   * token, so naming one says nothing either.
   */
  readonly scripts: readonly string[]
}

/** By what their attributes begin with (PingAM: plugin points of the OAuth 2.0 provider). */
const points: Readonly<Record<string, PluginPoint>> = {
  accessTokenModification: {
    stops: 'all',
    runs: true,
    classAttribute: 'accessTokenModifierClass',
    scripts: [
      'd22f9a0c-426a-4466-b95e-d0f125b0d5fa',
      '39c08084-1238-43e8-857f-2e11005eac49',
      'c234ba0b-58a1-4cfd-9567-09edde980745',
    ],
  },
  oidcClaims: {
    stops: 'openid',
    runs: true,
    scripts: [
      '36863ffb-40ec-48b9-94b1-9a99f71cc3b5',
      'cf3515f0-8278-4ee3-a530-1bad7424c416',
      '1f389a3d-21cf-417c-a6d3-42ea620071f0',
    ],
  },
  evaluateScope: {
    stops: 'introspection',
    class: `${registry}.DefaultScopeEvaluator`,
    scripts: ['da56fe60-8b38-4c46-a405-d6b306d4b336'],
  },
  validateScope: {
    stops: 'all',
    class: `${registry}.DefaultScopeValidator`,
    scripts: ['25e6c06d-cf70-473b-bd28-26931edc476b'],
  },
  authorizeEndpointDataProvider: {
    stops: 'user',
    class: `${registry}.DefaultEndpointDataProvider`,
    scripts: ['3f93ef6e-e54a-4393-aba1-f322656db28a'],
  },
}

/**
 * The attributes of all plug-in points: the type says whether class or script counts. A realm has types
 * and scripts of its own from the start; a client has its realm's unless it says otherwise.
 */
export function pluginRows(whose: 'realm' | 'client'): Readonly<Record<string, Neutral>> {
  return Object.fromEntries(
    Object.entries(points).flatMap(([name, point]) => Object.entries(rowsOf(name, point, whose))),
  )
}

function rowsOf(
  name: string,
  { stops, runs, classAttribute = `${name}Class`, class: own, scripts }: PluginPoint,
  whose: 'realm' | 'client',
): Readonly<Record<string, Neutral>> {
  const type = `${name}PluginType`
  const usual = own === undefined ? 'SCRIPTED' : 'JAVA'
  const standard = whose === 'client' ? 'PROVIDER' : usual
  const counts = (wanted: string) => (section: JsonObject) => (section[type] ?? standard) === wanted
  const classes = own === undefined ? only(null, '', older) : only(own, older, '')
  const [first = ''] = scripts
  const chosen =
    whose === 'client' ? only('[Empty]', '', ...scripts) : only(first, '[Empty]', '', ...scripts)
  return {
    [type]: { ...stopping(stops, only(standard, 'SCRIPTED', 'JAVA')), plugin: name },
    [classAttribute]: { ...stopping(stops, classes, counts('JAVA')), plugin: name },
    [`${name}Script`]: {
      ...stopping(stops, chosen, counts('SCRIPTED')),
      plugin: name,
      ...(runs === true ? { script: true } : {}),
    },
  }
}
