import type { Asked, CallbackType } from './callback.ts'
import { asked } from './callback.ts'

/** Kinds that PingIDM's self-service brought. */
export const platformCallbacks = {
  KbaCreateCallback: {
    type: 'KbaCreateCallback',
    inputs: [
      ['question', 'text'],
      ['answer', 'text'],
    ],
  },
  TermsAndConditionsCallback: { type: 'TermsAndConditionsCallback', inputs: [['', 'boolean']] },
  SelectIdPCallback: { type: 'SelectIdPCallback', inputs: [['', 'text']] },
  ConsentMappingCallback: { type: 'ConsentMappingCallback', inputs: [['', 'boolean']] },
  DeviceProfileCallback: { type: 'DeviceProfileCallback', inputs: [['', 'text']] },
} as const satisfies Record<string, CallbackType>

export function kbaCreateCallback(
  prompt: string,
  predefinedQuestions: readonly string[],
  allowUserDefinedQuestions: boolean,
  question = '',
): Asked {
  const output = { prompt, predefinedQuestions, allowUserDefinedQuestions }
  return asked(platformCallbacks.KbaCreateCallback, output, question, '')
}

export interface TermsShown {
  readonly version: string
  readonly terms: string
  /** RFC 3339. */
  readonly createDate: string
}

export function termsCallback({ version, terms, createDate }: TermsShown): Asked {
  return asked(platformCallbacks.TermsAndConditionsCallback, { version, terms, createDate }, false)
}

export function deviceProfileCallback(
  metadata: boolean,
  location: boolean,
  message: string,
): Asked {
  return asked(platformCallbacks.DeviceProfileCallback, { metadata, location, message }, '')
}
