import { configVariable, serverSettings } from './settings.ts'
import { urlVariables } from './url-variables.ts'

/** Read by the tests and tools of this project, which hand their environment on. */
const ofTests: readonly string[] = [
  'CHROMIUM',
  'LIBFAKETIME',
  'LONG',
  'POSTGRESQL',
  'PYTHON',
  'SCREENSHOTS',
]

/**
 * Variables that look like settings and are none, as after a slip of the pen. Told, not refused: a
 * container platform with a service of this name sets some (`PARAPET_PORT`, `PARAPET_SERVICE_HOST`).
 */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = new Set([
    ...Object.values(serverSettings).map((row): string => row.environment),
    ...ofTests.map((name) => `PARAPET_${name}`),
    configVariable,
    ...Object.values(urlVariables),
  ])
  return Object.keys(environment)
    .filter((name) => name.startsWith('PARAPET_') && !known.has(name) && environment[name] !== '')
    .filter((name) => !/^PARAPET_(?:PORT|SERVICE)(?:_|$)/.test(name))
    .sort()
}
