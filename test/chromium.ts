/** Finds a Chromium for the browser tests and starts it. It is never downloaded. */
import { type Browser, chromium } from 'playwright-core'
import { findProgram, isCi, isProgram } from './program.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const absent = 'no Chromium found (install chromium or set PARAPET_CHROMIUM to its path)'

/** The browser's path; undefined when there is none. PARAPET_CHROMIUM overrides the search. */
function findChromium(): string | undefined {
  const named = process.env.PARAPET_CHROMIUM
  if (named) return isProgram(named) ? named : undefined
  return findProgram(names) ?? places.find(isProgram)
}

/**
 * Options for a test that drives a browser: `test(name, needsChromium(), run)`. Without a browser
 * the test is reported as missing, except in CI, where it runs and fails.
 */
export function needsChromium(): { readonly skip?: string } {
  return findChromium() !== undefined || isCi() ? {} : { skip: absent }
}

/** A headless browser with an empty profile of its own; the caller closes it. */
export function launchChromium(...flags: readonly string[]): Promise<Browser> {
  return launch(findChromium(), flags)
}

/**
 * The same without windows, where that is installed: Chromium's headless shell, which is what Playwright starts by itself, and takes
 * a third less. For tests in which the browser only leads from one server to another; whatever is about browsers themselves, or
 * about pages as people see them, is tried in the whole one.
 */
export function launchShell(...flags: readonly string[]): Promise<Browser> {
  const shell = process.env.PARAPET_CHROMIUM ? undefined : findProgram(['chromium-headless-shell'])
  return launch(shell ?? findChromium(), flags)
}

function launch(executablePath: string | undefined, flags: readonly string[]): Promise<Browser> {
  if (executablePath === undefined) throw new Error(absent)
  return chromium.launch({ executablePath, headless: true, args: [...quiet, ...flags] })
}

/** No sandbox because CI runs as root; the rest keeps the browser from calling home. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
