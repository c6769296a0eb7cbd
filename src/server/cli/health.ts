import type { IncomingMessage } from 'node:http'
import * as https from 'node:https'
import { http } from '../../base/node-http.ts'
import type { Settings } from '../settings.ts'
import type { Command } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** Milliseconds after which a server that says nothing is not ready. */
const patience = 4000

/** `parapet health`: whether the server with these settings is ready, for who watches over its container. */
export const health: Command = {
  name: 'health',
  usage: '[--config <file>]',
  about: 'Ask the server on this machine whether it is ready; ends with 1 where it is not',
  options: { config: { type: 'string' } },

  async run(world, { config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    try {
      const { status, text } = await ready(settings)
      world.print(`${text}\n`)
      return status === 200 ? 0 : 1
    } catch (error) {
      world.complain(`parapet: the server does not answer (${(error as Error).message})\n`)
      return 1
    }
  },
}

function ready({ host, port, tlsCert }: Settings): Promise<{ status: number; text: string }> {
  const path = '/am/json/health/ready'
  const options = { host: reachedAt(host), port, path, timeout: patience }
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage): void => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    }
    // Its certificate is for the name that clients use; nothing secret goes to whoever answers here.
    const asked =
      tlsCert === undefined
        ? http.get(options, read)
        : https.get({ ...options, rejectUnauthorized: false }, read)
    asked.on('timeout', () => asked.destroy(new Error(`nothing within ${patience / 1000} s`)))
    asked.on('error', reject)
  })
}

/** Where a server listens that listens at every address. */
function reachedAt(host: string): string {
  const everywhere: Readonly<Record<string, string>> = {
    '0.0.0.0': '127.0.0.1',
    '0': '127.0.0.1',
    '::': '::1',
  }
  return everywhere[host] ?? host
}
