import { storeIn } from '../../../store/index.ts'
import { storeUrl } from '../../setting.ts'
import type { Settings } from '../../settings.ts'
import { urlVariables } from '../../url-variables.ts'
import type { Options } from '../command.ts'

/** Where a store is: its records, and its settings if they are elsewhere. */
export interface StorePlace {
  readonly url: string
  readonly settingsUrl: string | undefined
}

/** The ends of `parapet migrate`. */
export interface PlacesRead {
  readonly from: StorePlace
  readonly to: StorePlace
}

type Variable = keyof typeof urlVariables

/** How the URL is called that was typed: an option's name, or the word that has none. */
const typed = (name: Variable): string => (name === 'doctor' ? 'the URL' : `--${name}`)

/** Reads the URL of an option, or of the variable that stands for it. Throws what is wrong with it, without the URL. */
export function urlGiven(
  name: Variable,
  given: string | boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const variable = urlVariables[name]
  const [place, text] =
    typeof given === 'string'
      ? [typed(name), given]
      : [variable, environment[variable] || undefined]
  if (text === undefined) return undefined
  try {
    return storeUrl(text)
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error })
  }
}

/** Both ends; the old store is the settings' own where none is named. Throws what is wrong with them. */
export function placesGiven(
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
  settings: Settings,
): PlacesRead {
  const url = (name: Variable): string | undefined => urlGiven(name, options[name], environment)
  const [named, to] = [url('from'), url('to')]
  if (to === undefined) throw new Error('--to: the URL of the new store is missing')
  const own = { url: settings.store ?? storeIn(settings.data), settingsUrl: settings.settingsStore }
  const from = named === undefined ? own : { url: named, settingsUrl: url('from-settings') }
  return { from, to: { url: to, settingsUrl: url('to-settings') } }
}
