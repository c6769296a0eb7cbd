import { text } from '../../spec/setting.ts'
import type { Neutral } from '../../spec/unserved.ts'
import { detail, only } from '../../spec/unserved.ts'

const aText = detail(text, null)
const registry = 'org.forgerock.oauth2.core.plugins.registry'

/** Scripts that PingAM and Advanced Identity Cloud ship: they give the standard claims and change no token. */
const shipped = {
  accessTokenModification: [
    'd22f9a0c-426a-4466-b95e-d0f125b0d5fa',
    '39c08084-1238-43e8-857f-2e11005eac49',
    'c234ba0b-58a1-4cfd-9567-09edde980745',
    '[Empty]',
  ],
  oidcClaims: [
    '36863ffb-40ec-48b9-94b1-9a99f71cc3b5',
    'cf3515f0-8278-4ee3-a530-1bad7424c416',
    '1f389a3d-21cf-417c-a6d3-42ea620071f0',
    '[Empty]',
  ],
} as const

/** A plug-in point whose Java class is PingAM's own, under its old and its new name. */
function javaPlugin(name: string, standard: string, script: string): Record<string, Neutral> {
  return {
    [`${name}PluginType`]: only('JAVA'),
    [`${name}Class`]: only(
      `${registry}.${standard}`,
      'org.forgerock.openam.oauth2.OpenAMScopeValidator',
    ),
    [`${name}Script`]: detail(text, script),
  }
}

/** PingAM's plug-in points (section `pluginsConfig`): only what it ships, for no plug-in is run. */
export const plugins: Readonly<Record<string, Neutral>> = {
  accessTokenModificationPluginType: only('SCRIPTED', 'JAVA'),
  accessTokenModifierClass: aText,
  accessTokenModificationScript: only(...shipped.accessTokenModification),
  accessTokenEnricherClass: only(
    `${registry}.DefaultAccessTokenEnricher`,
    'org.forgerock.openam.oauth2.OpenAMScopeValidator',
  ),
  oidcClaimsPluginType: only('SCRIPTED', 'JAVA'),
  oidcClaimsClass: aText,
  oidcClaimsScript: only(...shipped.oidcClaims),
  userCodeGeneratorClass: detail(text, `${registry}.DefaultUserCodeGenerator`),
  ...javaPlugin('evaluateScope', 'DefaultScopeEvaluator', 'da56fe60-8b38-4c46-a405-d6b306d4b336'),
  ...javaPlugin('validateScope', 'DefaultScopeValidator', '25e6c06d-cf70-473b-bd28-26931edc476b'),
  ...javaPlugin(
    'authorizeEndpointDataProvider',
    'DefaultEndpointDataProvider',
    '3f93ef6e-e54a-4393-aba1-f322656db28a',
  ),
}
