import { text } from '../../protocol/setting.ts'
import { shippedScripts } from '../../protocol/shipped-script.ts'
import type { Neutral } from '../../protocol/unserved.ts'
import { detail, only } from '../../protocol/unserved.ts'

const aText = detail(text, null)
const registry = 'org.forgerock.oauth2.core.plugins.registry'

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
  accessTokenModificationScript: only(...shippedScripts.accessTokenModification),
  accessTokenEnricherClass: only(
    `${registry}.DefaultAccessTokenEnricher`,
    'org.forgerock.openam.oauth2.OpenAMScopeValidator',
  ),
  oidcClaimsPluginType: only('SCRIPTED', 'JAVA'),
  oidcClaimsClass: aText,
  oidcClaimsScript: only(...shippedScripts.oidcClaims),
  userCodeGeneratorClass: detail(text, `${registry}.DefaultUserCodeGenerator`),
  ...javaPlugin('evaluateScope', 'DefaultScopeEvaluator', 'da56fe60-8b38-4c46-a405-d6b306d4b336'),
  ...javaPlugin('validateScope', 'DefaultScopeValidator', '25e6c06d-cf70-473b-bd28-26931edc476b'),
  ...javaPlugin(
    'authorizeEndpointDataProvider',
    'DefaultEndpointDataProvider',
    '3f93ef6e-e54a-4393-aba1-f322656db28a',
  ),
}
