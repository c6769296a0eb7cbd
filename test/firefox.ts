/**
 * Drives the Firefox there is, over WebDriver BiDi (w3c.github.io/webdriver-bidi): the little a person
 * does at a page. It is never downloaded, and nowhere required: without one a test is reported missing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findProgram } from './program.ts'

const program = findProgram(['firefox-esr', 'firefox'])

/** Options for a test that drives it: `test(name, needsFirefox(), run)`. */
export function needsFirefox(): { readonly skip?: string } {
  return program !== undefined ? {} : { skip: 'no Firefox found (install firefox-esr)' }
}

/** One tab of its own cookies. */
export interface FirefoxPage {
  open(url: string): Promise<void>
  fill(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
  url(): Promise<string>
}

export interface Firefox {
  /** Runs something with a tab as of a browser of its own. */
  visit(run: (page: FirefoxPage) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** A headless Firefox with an empty profile. */
export async function launchFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'parapet-firefox-'))
  const flags = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile]
  const child = spawn(program as string, [...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  const send = await connect(await addressIn(createInterface(child.stderr)))
  await send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })
  return {
    async visit(run) {
      const { userContext } = await send('browser.createUserContext', {})
      const { context } = await send('browsingContext.create', { type: 'tab', userContext })
      await run(pageOf(send, String(context)))
      await send('browser.removeUserContext', { userContext })
    },
    async close() {
      const ended = once(child, 'exit')
      kill()
      await ended
      process.removeListener('exit', kill)
      await rm(profile, { recursive: true, force: true })
    },
  }
}

type Answer = Readonly<Record<string, unknown>>
type Send = (method: string, params: Answer) => Promise<Answer>

/** What it says when it is ready to be driven. */
async function addressIn(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, url] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('Firefox ended before it could be driven')
}

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(`${url}/session`)
  await once(socket, 'open')
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, message } = JSON.parse(String(data)) as {
      id?: number
      result?: Answer
      error?: string
      message?: string
    }
    const asked = waiting.get(id ?? 0)
    if (result !== undefined) asked?.resolve(result)
    else asked?.reject(new Error(`${error}: ${message}`))
    waiting.delete(id ?? 0)
  })
  let last = 0
  return (method, params) => {
    const id = ++last
    const asked = Promise.withResolvers<Answer>()
    waiting.set(id, asked)
    socket.send(JSON.stringify({ id, method, params }))
    return asked.promise
  }
}

function pageOf(send: Send, context: string): FirefoxPage {
  const run = async (expression: string): Promise<unknown> => {
    const answer = await send('script.evaluate', {
      expression,
      target: { context },
      awaitPromise: true,
      userActivation: true,
    })
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer.exceptionDetails))
    return (answer.result as { readonly value?: unknown }).value
  }
  /** The page that has such an element may be on its way: the old one may go while it is asked. */
  const found = async (selector: string): Promise<string> => {
    const element = `document.querySelector(${JSON.stringify(selector)})`
    for (let i = 0; i < 300; i++) {
      if ((await run(`${element} !== null`).catch(() => false)) === true) return element
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`no ${selector} at ${String(await run('location.href'))}`)
  }
  return {
    open: async (url) =>
      void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    fill: async (selector, text) =>
      void (await run(`${await found(selector)}.value = ${JSON.stringify(text)}`)),
    click: async (selector) => void (await run(`${await found(selector)}.click()`)),
    url: async () => String(await run('location.href')),
  }
}
