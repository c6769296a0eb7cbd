/** Every page with one text in every place that takes foreign words; for tests of all pages at once. */
import type { Callback } from '../src/journey/callback/callback.ts'
import type { AccountPage } from '../src/page/account/account.ts'
import { accountPage } from '../src/page/account/account.ts'
import { startPage } from '../src/page/account/start.ts'
import type { Frame } from '../src/page/brand.ts'
import type { ClaimText } from '../src/page/claim-text.ts'
import type { ClientView } from '../src/page/client-view.ts'
import { consentPage } from '../src/page/consent.ts'
import { errorPage } from '../src/page/error.ts'
import { formPostPage } from '../src/page/form-post.ts'
import { loginPage } from '../src/page/login.ts'
import { loggedOutPage, logoutPage } from '../src/page/logout.ts'
import { languages } from '../src/page/messages/index.ts'
import type { Messages } from '../src/page/messages/message.ts'
import { signedInPage } from '../src/page/signed-in.ts'
import { nameAndPassword, questions, registration, unasked } from './question-samples.ts'

const notYou = { action: '/am/XUI/switch?realm=%2Falpha', csrf: 'proof' }

/** Pages by name, as functions of a language and the foreign text. */
export const pageSamples: Readonly<Record<string, (messages: Messages, text: string) => string>> = {
  login: (messages, text) =>
    loginPage({
      ...framed(messages, text),
      action: '/am/XUI/',
      hidden: [
        ['goto', text],
        ['authId', 'x'],
      ],
      callbacks: nameAndPassword.map((each) => withValue(each, text)),
      client: { ...namedClient(text) },
      submit: text,
      realm: '/alpha',
    }),
  'login, refused': (messages, text) =>
    loginPage({
      ...framed(messages, text),
      action: text,
      hidden: [],
      callbacks: nameAndPassword,
      notice: 'failed',
      userName: text,
      notYou,
      submit: messages.login.submit,
      realm: `/${text}`,
    }),
  'login, other questions': (messages, text) =>
    loginPage({
      ...framed(messages, text),
      action: '/am/XUI/',
      hidden: [],
      callbacks: questions(text),
      header: text,
      description: text,
      submit: messages.login.next,
      realm: '/',
    }),
  'login, unasked': (messages, text) =>
    loginPage({
      ...framed(messages, text),
      action: '/am/XUI/',
      hidden: [],
      callbacks: unasked(text),
      submit: messages.login.next,
      realm: '/',
    }),
  'login, registration': (messages, text) =>
    loginPage({
      ...framed(messages, text),
      action: '/am/XUI/',
      hidden: [],
      callbacks: registration(text),
      others: languages.map((each) => ({ messages: each, href: '/am/XUI/?locale=x' })),
      submit: messages.login.next,
      realm: '/',
    }),
  consent: (messages, text) =>
    consentPage({
      ...framed(messages, text),
      action: '/am/oauth2/authorize',
      hidden: [['request_uri', text]],
      csrf: text,
      client: namedClient(text),
      userName: text,
      notYou,
      scopes: [
        { name: text, values: [] },
        { name: 'openid', values: many(text) },
        { name: 'write', text, values: [] },
      ],
      claims: [
        { name: text, value: text },
        { name: 'email', value: '' },
      ],
      resources: [
        { name: 'https://api.example/notes', text },
        { name: text, text },
      ],
      details: [
        {
          parameter: 'detail_0',
          type: text,
          name: text,
          pieces: [
            { text, foreign: false },
            { text, foreign: true },
          ],
          rows: [],
        },
        {
          parameter: 'detail_1',
          type: 'payment',
          name: 'Payment',
          pieces: [],
          rows: [
            { name: text, text },
            { name: 'amount.value', text: '123.50' },
          ],
        },
      ],
      redirect_uri: 'https://www.example.com/cb',
      lasts: { seconds: 604_800, unused: true },
      canSave: true,
    }),
  account: (messages, text) =>
    accountPage({ ...account(messages, text), notice: { name: 'withdrawn', failed: false } }),
  'account, refused': (messages, text) =>
    accountPage({
      ...account(messages, text),
      notice: { name: 'wrong_password', failed: true },
      applications: [],
    }),
  error: (messages, text) =>
    errorPage({
      ...framed(messages, text),
      status: 400,
      code: 'invalid_request',
      description: text,
      parameter: text,
      reason: { says: text, section: text },
      back: { href: 'https://www.example.com/', text },
      request: { id: text, time: '2026-11-28T12:00:00.000Z' },
    }),
  'form post': (messages, text) =>
    formPostPage({
      ...framed(messages, text),
      action: 'https://www.example.com/cb',
      values: [
        ['state', text],
        [text, 'x'],
      ],
    }),
  logout: (messages, text) =>
    logoutPage({
      ...framed(messages, text),
      action: '/am/oauth2/connect/endSession',
      hidden: [['state', text]],
      client: namedClient(text),
    }),
  'logged out': (messages, text) =>
    loggedOutPage({
      ...framed(messages, text),
      back: { href: 'https://www.example.com/', client: namedClient(text) },
    }),
  start: (messages, text) =>
    startPage({
      ...framed(messages, text),
      account: '/am/XUI/account?realm=%2F',
      issuer: text,
      discovery: 'https://www.example.com/.well-known/openid-configuration',
    }),
  'signed in': (messages, text) =>
    signedInPage({
      ...framed(messages, text),
      userName: text,
      notYou,
      goto: '/am/XUI/',
      account: '/am/XUI/account',
    }),
}

/** More values of a scope than are shown at once. */
function many(text: string): ClaimText[] {
  return ['name', 'nickname', 'gender', 'zoneinfo'].map((name, i) => ({
    name,
    text: `${text}${i}`,
  }))
}

/** As if the realm had put the text wherever it may. */
function framed(messages: Messages, text: string): Frame {
  const home = 'https://www.example.com/'
  const brand = { name: text, logo: `${home}logo.svg`, help: home, privacy: home }
  return { messages, brand }
}

function account(messages: Messages, text: string): AccountPage {
  const session = { handle: text, device: text, address: text, since: 0, lastUsed: 60 }
  const scopes = [{ name: 'openid' }, { name: 'write', text }]
  const allowed = { client_id: text, client: namedClient(text), scopes, since: 0 }
  return {
    ...framed(messages, text),
    userName: text,
    notYou,
    action: '/am/XUI/account?realm=%2Falpha',
    csrf: text,
    sessions: [
      { ...session, own: true },
      { ...session, own: false },
      { ...session, own: false, device: '', address: '' },
    ],
    applications: [
      { ...allowed, claims: [text, 'email'], until: undefined },
      { ...allowed, claims: [], until: 60 },
    ],
    shortest: 8,
    timeZone: 'Europe/Berlin',
    logout: '/am/oauth2/connect/endSession',
  }
}

function namedClient(text: string): ClientView {
  const home = 'https://www.example.com/'
  const logo_uri = `${home}logo.svg`
  return {
    name: text,
    description: text,
    logo_uri,
    policy_uri: home,
    tos_uri: home,
    client_uri: home,
  }
}

function withValue(callback: Callback, value: string): Callback {
  return { ...callback, input: (callback.input ?? []).map((each) => ({ ...each, value })) }
}
