import type { Json } from '../../base/json.ts'
import type { Asked, CallbackType } from './callback.ts'
import { asked } from './callback.ts'

/** Kinds that PingAM has had since before there were trees. */
export const basicCallbacks = {
  NameCallback: { type: 'NameCallback', inputs: [['', 'text']] },
  PasswordCallback: { type: 'PasswordCallback', inputs: [['', 'text']] },
  TextInputCallback: { type: 'TextInputCallback', inputs: [['', 'text']] },
  TextOutputCallback: { type: 'TextOutputCallback', inputs: [] },
  SuspendedTextOutputCallback: { type: 'SuspendedTextOutputCallback', inputs: [] },
  ChoiceCallback: { type: 'ChoiceCallback', inputs: [['', 'number']] },
  ConfirmationCallback: { type: 'ConfirmationCallback', inputs: [['', 'number']] },
  HiddenValueCallback: { type: 'HiddenValueCallback', inputs: [['', 'text']] },
  MetadataCallback: { type: 'MetadataCallback', inputs: [] },
  PollingWaitCallback: { type: 'PollingWaitCallback', inputs: [] },
  RedirectCallback: { type: 'RedirectCallback', inputs: [] },
} as const satisfies Record<string, CallbackType>

/** `autocomplete`: what a browser may fill in; told where there is anything. */
export function nameCallback(
  prompt: string,
  value = '',
  autocomplete: readonly string[] = [],
): Asked {
  const more = autocomplete.length === 0 ? {} : { autocompleteValues: autocomplete }
  return asked(basicCallbacks.NameCallback, { prompt, ...more }, value)
}

export function passwordCallback(prompt: string): Asked {
  return asked(basicCallbacks.PasswordCallback, { prompt }, '')
}

/** What a text is: news, a warning, an error, or a script of PingAM's own pages. */
export const messageTypes = { information: '0', warning: '1', error: '2', script: '4' } as const

export function textOutputCallback(
  message: string,
  messageType: (typeof messageTypes)[keyof typeof messageTypes] = messageTypes.information,
): Asked {
  return asked(basicCallbacks.TextOutputCallback, { message, messageType })
}

export function suspendedTextOutputCallback(message: string): Asked {
  const { information } = messageTypes
  return asked(basicCallbacks.SuspendedTextOutputCallback, { message, messageType: information })
}

export function choiceCallback(prompt: string, choices: readonly string[], chosen: number): Asked {
  return asked(basicCallbacks.ChoiceCallback, { prompt, choices, defaultChoice: chosen }, chosen)
}

/** Whichever option is the usual one: the first is chosen until another one is (PingAM). */
export function confirmationCallback(
  options: readonly string[],
  usual: number,
  {
    prompt = '',
    messageType = 0,
  }: { readonly prompt?: string; readonly messageType?: number } = {},
): Asked {
  const output = { prompt, messageType, options, optionType: -1, defaultOption: usual }
  return asked(basicCallbacks.ConfirmationCallback, output, 0)
}

export function hiddenValueCallback(id: string, value = ''): Asked {
  return asked(basicCallbacks.HiddenValueCallback, { value, id }, id)
}

export function metadataCallback(data: Json): Asked {
  return asked(basicCallbacks.MetadataCallback, { data })
}

/** `waitTime`: milliseconds, as text. */
export function pollingWaitCallback(waitTime: string, message: string): Asked {
  return asked(basicCallbacks.PollingWaitCallback, { waitTime, message })
}
