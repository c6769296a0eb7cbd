import { noRealmAt, realmAt, siteOf } from '../../../config/document/step.ts'
import { explain as explainIn } from '../../../history/explain.ts'
import type { Explanation } from '../../../history/explanation.ts'
import { recordNamed } from '../../../history/reference.ts'
import { type StepName, stepTexts } from '../../../history/step.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import { type Command, complainOf } from '../command.ts'
import { referencesOf, settingsOrComplaint } from '../configuration.ts'

const question = 'request_uri, code, token or name of a request: '

const hint =
  ': it is of another realm (--realm), more than a day old, was never made, or history is off'

/**
 * `parapet explain`: what became of a push or an authorization. What is asked about is read from standard
 * input, since arguments are seen by everybody on the machine (C-33).
 */
export const explain: Command = {
  name: 'explain',
  usage: '[-] [--realm <path>] [--people] [--json] [--config <file>]',
  about:
    'Tell what became of a push or an authorization within a day, by its request_uri, code, token or the name of a request, which is asked for or read from standard input',
  options: {
    realm: { type: 'string' },
    people: { type: 'boolean' },
    json: { type: 'boolean' },
    config: { type: 'string' },
  },
  words: { least: 0, most: 1 },

  async run(world, { realm: path = '/', people, json, config }, [word = '-']) {
    if (word !== '-') {
      world.complain('parapet explain: it is no argument; write it to standard input, or type it\n')
      return 2
    }
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    const text = (await world.ask(question, true))?.trim() ?? ''
    if (text === '') {
      world.complain(
        `parapet explain: nothing was given; type or pipe a ${question.slice(0, -2)}\n`,
      )
      return 2
    }
    try {
      const told = await world.withRealms(settings, 'refuse', async (realms) => {
        const realm = await realmAt(siteOf(realms, 'explain', referencesOf(world)), String(path))
        if (realm === undefined) throw new Error(noRealmAt(String(path)))
        const isReference = recordNamed(realm, text) !== undefined
        const asked = isReference ? { token: text } : { request: text }
        return explainIn(realm, asked, { people: people === true })
      })
      if (told === undefined) {
        world.complain(`nothing of that is known in ${String(path)}${hint}\n`)
        return 1
      }
      world.print(json === true ? `${JSON.stringify(told, undefined, 2)}\n` : timeline(told))
      return 0
    } catch (error) {
      complainOf(world, [reasonFor(error)], 'with what was asked')
      return 1
    }
  },
}

/** An explanation as lines, one for each step. */
function timeline(told: Explanation): string {
  const { state, client_id, steps, stopped, missing, left_out } = told
  const lines = [
    `client ${client_id ?? 'unknown'}, ${state}`,
    ...steps.map(
      ({ at, step, request, endpoint, status, client_id: other, sub, journey, node, ...rest }) => {
        const { why, says, section } = rest
        const by = request === undefined ? '' : ` (${endpoint} ${status}, ${request})`
        const from = other === undefined ? '' : `, client ${other}`
        const who = sub === undefined ? '' : `, user ${sub}`
        const rule = why === undefined ? '' : ` ${says ?? why} (${section ?? why})`
        const place = journey === undefined ? '' : ` It stopped at ${node} of ${journey}.`
        return `${at ?? 'at a time not known'}  ${inWords(step)}${place}${rule}${by}${from}${who}`
      },
    ),
  ]
  if (stopped !== undefined) {
    const { error, says, section, parameter, differs } = stopped
    const where = section === null ? '' : ` (${section})`
    lines.push(`stopped: ${error}${says === null ? '' : `: ${says}`}${where}`)
    if (parameter !== null) lines.push(`  parameter: ${parameter}`)
    if (differs !== null) lines.push(`  differs: ${differs}`)
  }
  if (missing !== undefined) lines.push(missing)
  if (left_out > 0)
    lines.push(`${left_out} requests of this day were not kept: too many in an hour`)
  return lines.map((line) => `${line}\n`).join('')
}

function inWords(step: string): string {
  return Object.hasOwn(stepTexts, step) ? stepTexts[step as StepName] : step
}
