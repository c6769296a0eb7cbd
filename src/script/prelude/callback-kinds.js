/**
 * Kinds of callbacks: how a script makes one, and what it reads of the answer. `make` gives what is shown, and the
 * values of the inputs; `read` is what a next-generation script is given, `getters` what an older one finds.
 */
import { map } from './lists.js'
import { plain } from './outside.js'

const text = (value) => (value === undefined || value === null ? '' : String(value))
const first = ({ values }) => values[0] ?? null
const shown = ({ output }, name) => output[name] ?? null
const chosen = (callback) => [first(callback)].filter((each) => each !== null)

const optionsOf = { 0: ['Yes', 'No'], 1: ['Yes', 'No', 'Cancel'], 2: ['OK', 'Cancel'] }

/** PingAM has four ways to ask for a confirmation: with or without a prompt, with a kind of options or a list of them. Nothing pressed is the first. */
function confirmation(...args) {
  const prompt = typeof args[0] === 'string' ? args.shift() : ''
  const [messageType, options, defaultOption = 0] = args
  const list = Array.isArray(options) ? options.map(text) : (optionsOf[options] ?? [])
  return {
    output: {
      ...{ prompt, messageType: Number(messageType), options: list },
      ...{ optionType: Array.isArray(options) ? -1 : Number(options), defaultOption },
    },
    values: [0],
  }
}

function choice(prompt, choices, defaultChoice = 0) {
  const output = { prompt: text(prompt), choices: [...choices].map(text), defaultChoice }
  return { output, values: [defaultChoice] }
}

function redirect(redirectUrl, data, method = 'GET', ...more) {
  const redirectMethod = text(method).toUpperCase()
  const trackingCookie = more.at(-1) === true
  const redirectData = plain(data) ?? {}
  const posted = redirectMethod === 'POST' ? { redirectData } : {}
  return {
    output: { redirectUrl: text(redirectUrl), redirectMethod, trackingCookie, ...posted },
    values: [],
  }
}

/** With and without policies; what failed comes last. */
function attribute(empty) {
  return (name, prompt, value, required, ...more) => {
    const failed = Array.isArray(more.at(-1)) ? more.pop() : []
    const [policies = {}, validateOnly = false] = more
    const output = {
      ...{ name: text(name), prompt: text(prompt), required: Boolean(required) },
      ...{ policies: plain(policies), failedPolicies: failed.map(text), validateOnly },
      value: plain(value),
    }
    return { output, values: [plain(value) ?? empty, Boolean(validateOnly)] }
  }
}

function validated(hasEcho) {
  return (prompt, ...more) => {
    const echo = hasEcho ? { echoOn: Boolean(more.shift()) } : {}
    const [policies = {}, validateOnly = false, failed = []] = more
    const rest = { policies: plain(policies), failedPolicies: [...failed].map(text), validateOnly }
    return {
      output: { ...echo, ...rest, prompt: text(prompt) },
      values: ['', Boolean(validateOnly)],
    }
  }
}

const value = { getValue: first }
const validatedGetters = { ...value, isValidateOnly: ({ values }) => values[1] === true }

/** By the names of `callbacksBuilder`, each with the class that older scripts make it by. */
export const kinds = {
  nameCallback: {
    type: 'NameCallback',
    make: (prompt, name) => ({ output: { prompt: text(prompt) }, values: [text(name)] }),
    getters: { getName: first, getPrompt: (each) => shown(each, 'prompt') },
  },
  passwordCallback: {
    type: 'PasswordCallback',
    make: (prompt) => ({ output: { prompt: text(prompt) }, values: [''] }),
    getters: { getPassword: first, getPrompt: (each) => shown(each, 'prompt') },
  },
  textInputCallback: {
    type: 'TextInputCallback',
    make: (prompt, usual) => ({
      output: {
        prompt: text(prompt),
        ...(usual === undefined ? {} : { defaultText: text(usual) }),
      },
      values: [text(usual)],
    }),
    getters: { getText: first, getDefaultText: (each) => shown(each, 'defaultText') },
  },
  textOutputCallback: {
    type: 'TextOutputCallback',
    make: (messageType, message) => ({
      ...{ output: { message: text(message), messageType: text(messageType) }, values: [] },
    }),
    getters: { getMessage: (each) => shown(each, 'message') },
    constants: { INFORMATION: 0, WARNING: 1, ERROR: 2 },
  },
  scriptTextOutputCallback: {
    type: 'TextOutputCallback',
    make: (message) => ({ output: { message: text(message), messageType: '4' }, values: [] }),
  },
  suspendedTextOutputCallback: {
    type: 'SuspendedTextOutputCallback',
    make: (messageType, message) => ({
      ...{ output: { message: text(message), messageType: text(messageType) }, values: [] },
    }),
  },
  choiceCallback: {
    type: 'ChoiceCallback',
    make: choice,
    read: chosen,
    getters: { getSelectedIndexes: chosen, getChoices: (each) => shown(each, 'choices') },
  },
  confirmationCallback: {
    type: 'ConfirmationCallback',
    make: confirmation,
    getters: { getSelectedIndex: first },
    constants: {
      ...{ INFORMATION: 0, WARNING: 1, ERROR: 2, UNSPECIFIED_OPTION: -1 },
      ...{ YES_NO_OPTION: 0, YES_NO_CANCEL_OPTION: 1, OK_CANCEL_OPTION: 2 },
      ...{ YES: 0, NO: 1, CANCEL: 2, OK: 3 },
    },
  },
  hiddenValueCallback: {
    type: 'HiddenValueCallback',
    make: (id, initial) => ({ output: { value: text(initial), id: text(id) }, values: [text(id)] }),
    byId: true,
    getters: { ...value, getId: (each) => shown(each, 'id') },
  },
  metadataCallback: {
    type: 'MetadataCallback',
    make: (data) => ({ output: { data: plain(data) }, values: [] }),
    getters: { getOutputValue: (each) => shown(each, 'data') },
  },
  pollingWaitCallback: {
    type: 'PollingWaitCallback',
    make: (waitTime, message) => ({
      ...{ output: { waitTime: text(waitTime), message: text(message) }, values: [] },
    }),
  },
  redirectCallback: { type: 'RedirectCallback', make: redirect },
  stringAttributeInputCallback: {
    ...{ type: 'StringAttributeInputCallback', make: attribute(''), getters: validatedGetters },
  },
  numberAttributeInputCallback: {
    ...{ type: 'NumberAttributeInputCallback', make: attribute(null), getters: validatedGetters },
  },
  booleanAttributeInputCallback: {
    ...{ type: 'BooleanAttributeInputCallback', make: attribute(false), getters: validatedGetters },
  },
  validatedUsernameCallback: {
    type: 'ValidatedCreateUsernameCallback',
    make: validated(false),
    getters: { ...validatedGetters, getUsername: first },
  },
  validatedPasswordCallback: {
    type: 'ValidatedCreatePasswordCallback',
    make: validated(true),
    getters: { ...validatedGetters, getPassword: first },
  },
  kbaCreateCallback: {
    type: 'KbaCreateCallback',
    make: (prompt, questions, allowUserDefinedQuestions = true) => ({
      output: {
        prompt: text(prompt),
        predefinedQuestions: plain(questions),
        allowUserDefinedQuestions,
      },
      values: ['', ''],
    }),
    read: ({ values }) => map({ selectedQuestion: values[0], selectedAnswer: values[1] }),
    getters: {
      getSelectedQuestion: first,
      getSelectedAnswer: ({ values }) => values[1] ?? null,
    },
  },
  termsAndConditionsCallback: {
    type: 'TermsAndConditionsCallback',
    make: (version, terms, createDate) => ({
      output: { version: text(version), terms: text(terms), createDate: text(createDate) },
      values: [false],
    }),
    getters: { getAccept: first },
  },
  selectIdPCallback: {
    type: 'SelectIdPCallback',
    make: (providers) => ({ output: { providers: plain(providers), value: '' }, values: [''] }),
    getters: { getProvider: first },
  },
  deviceProfileCallback: {
    type: 'DeviceProfileCallback',
    make: (metadata, location, message) => ({
      output: { metadata: Boolean(metadata), location: Boolean(location), message: text(message) },
      values: [''],
    }),
    getters: value,
  },
  consentMappingCallback: {
    type: 'ConsentMappingCallback',
    make: (name, displayName, icon, accessLevel, fields, message, isRequired) => ({
      output: plain({ name, displayName, icon, accessLevel, isRequired, message, fields }),
      values: [false],
    }),
    getters: { getValue: first },
  },
}

/** One that goes to whoever logs in. */
export function made(name, args) {
  const { type, make } = kinds[name]
  return { type, ...make(...args) }
}
