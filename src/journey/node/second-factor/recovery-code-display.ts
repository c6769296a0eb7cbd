import type { Json } from '../../../base/json.ts'
import { messageTypes, textOutputCallback } from '../../callback/basic.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { textIn, valueIn, without } from '../../state.ts'

/** Shows the codes that stand in for a lost device, once (PingAM: Recovery Code Display node). */
export const recoveryCodeDisplay = nodeType({
  type: 'RecoveryCodeDisplayNode',
  name: 'Recovery Code Display Node',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {},
  outcomes: () => oneOutcome,
  process({ state, answers }) {
    const codes = valueIn(state, 'recoveryCodes')
    const after = without(state, 'recoveryCodes', 'recoveryCodeDeviceName')
    if (answers !== undefined || !Array.isArray(codes) || codes.length === 0)
      return passed('outcome', after)
    const name = textIn(state, 'recoveryCodeDeviceName') ?? ''
    const shown = script(codes as readonly Json[], name)
    return asks([textOutputCallback(shown, messageTypes.script)], after)
  },
})

/**
 * The script by which PingAM's pages show them: clients take the codes from its lines, which have one each, and know it by
 * its heading.
 */
function script(codes: readonly Json[], deviceName: string): string {
  const name = deviceName.replaceAll(/[^\w -]/g, '')
  const lines = [
    ...['    <div class=\\"text-center\\">', '        <h3>Your Recovery Codes</h3>'],
    `        <h4>You must make a copy of these recovery codes of <em>${name}</em>. They cannot be displayed again.</h4>`,
    '    </div>',
    ...codes.map(String).filter((code) => /^\w+$/.test(code)),
  ]
  const text = lines.map((line) => `   "${line}\\n" +`).join('\n')
  return `var fields = document.getElementsByTagName("fieldset")[0];\nfields.innerHTML =\n${text}\n   fields.innerHTML;\n`
}

/** The codes in such a script, as PingAM’s clients take them from it; none of any other text. */
export function codesInScript(text: string): readonly string[] {
  if (!text.includes('Your Recovery Codes')) return []
  return [...text.matchAll(/\s."(\w+)\\/g)].map(([, code = '']) => code)
}
