import type { LoginHints } from '../../authorization/login-hints.ts'
import { base64url } from '../../base/bytes.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { htmlPage, redirect } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { tell } from '../../base/trace.ts'
import { authIdMade, openAuthId } from '../../journey/auth-id.ts'
import { validGoto } from '../../journey/goto.ts'
import type { Journey } from '../../journey/journey.ts'
import { findJourney } from '../../journey/journeys.ts'
import type { Progress } from '../../journey/run.ts'
import { provenUser, run, start } from '../../journey/run.ts'
import { visitOf } from '../../journey/visit.ts'
import { frameOf } from '../../page/brand.ts'
import { pageHeaders } from '../../page/headers.ts'
import { signedInPage } from '../../page/signed-in.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession } from '../../session/cookie.ts'
import type { Session } from '../../session/session.ts'
import { signIn } from '../../session/sign-in.ts'
import { plainUsername } from '../../user/username.ts'
import { accountUrl } from '../account/address.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { Again, Page } from './login-page.ts'
import { ask, isAuthorization, leaving, messagesFor } from './login-page.ts'
import { tellFailure, tellSuccess } from './login-told.ts'
import { isBoundTo, markCookie, markOf } from './pre-login.ts'

/** Finds that request by where the login leads; undefined when it leads to none that can be used. */
export type FindLoginHints = (realm: Realm, goto: string) => Ready<LoginHints | undefined>

/** The pages that log a user in (PingAM: /XUI/). Addressed by `realm`, `service`, `authIndexValue` and `goto` in the query. */
export function login(findHints: FindLoginHints): Endpoint {
  return {
    path: '/XUI/*',
    under: 'am',
    methods: ['GET', 'POST'],
    errors: 'page',
    cors: false,

    async handle(realm, http) {
      const page = await open(realm, http, findHints)
      if (http.method === 'POST') return submit(page, readForm(http))
      const { session } = page
      if (session !== undefined && isEnough(page, session)) return welcome(page, session)
      tell('login_shown')
      return ask(page, await start(realm, page.journey, page.visit))
    },
  }
}

async function open(realm: Realm, http: HttpRequest, findHints: FindLoginHints): Promise<Page> {
  const query = readQuery(http)
  const journey = journeyAsked(realm, query)
  const wanted = query.get('goto')
  const goto = wanted === undefined ? undefined : validGoto(realm, wanted)
  const hints = goto === undefined ? undefined : await findHints(realm, goto)
  const session = await currentSession(realm, http)
  const other = query.get('other') === 'true' ? 'true' : undefined
  const visit = visitOf(http, session, other ? undefined : hints?.login_hint)
  const mark = markOf(http) ?? base64url(realm.random(16))
  return { realm, http, journey, goto, other, hints, session, visit, mark }
}

function journeyNamed(query: Form): string | undefined {
  return query.get('service') ?? query.get('authIndexValue')
}

function journeyAsked(realm: Realm, query: Form): Journey {
  const journey = findJourney(realm, journeyNamed(query) ?? realm.provider.defaultJourney)
  if (journey === undefined) throw new OAuthError('bad_request', 'No Configuration found')
  return journey
}

/**
 * Whether the session there is serves as it does at AM's JSON endpoint: neither another journey nor
 * `ForceAuth` asks for another one. What leads to `/authorize` was sent from there,
 * since the session is not enough.
 */
function isEnough(page: Page, session: Session): boolean {
  const { http, journey } = page
  const query = readQuery(http)
  if (isAuthorization(page) || query.get('ForceAuth')?.toLowerCase() === 'true') return false
  return journeyNamed(query) === undefined || session.journey === journey.name
}

/** Takes the form's answers one step on. Whatever is wrong with them, the answer is a fresh page. */
async function submit(page: Page, form: Form): Promise<HttpResponse> {
  const { realm, http, journey, visit } = page
  const progress = openAuthId(realm, form.get('authId') ?? '')
  if (
    typeof progress !== 'object' ||
    markOf(http) === undefined ||
    !isBoundTo(realm, page.mark, progress.bound) ||
    progress.journey !== journey.name
  ) {
    const session = await loggedInSince(page, form)
    if (session !== undefined) return goOn(page, session)
    event('login.stale', { realm: realm.path, journey: journey.name })
    return again(page, { status: 400, notice: 'stale' })
  }
  const step = await take(() => run(realm, journey, visit, progress.stand, form))
  if (step instanceof OAuthError) {
    return again(page, { status: step.status, notice: 'busy', headers: step.detail.headers })
  }
  if (step.kind === 'ask') return ask(page, step)
  const user = await provenUser(realm, step)
  if (user === undefined) {
    tellFailure(realm, journey, step)
    tell('login_failed')
    const tried = nameGiven(await run(realm, journey, visit, progress.stand), form)
    return again({ ...page, visit: { ...visit, tried } }, { status: 401, notice: 'failed' })
  }
  tellSuccess(realm, http, journey, user)
  const signed = await signIn(realm, http, user, journey.name)
  tell('logged_in')
  const cookies = [...signed.cookies, markCookie(http, '', 'Max-Age=0; ')]
  return goOn(page, signed.session, { 'set-cookie': cookies })
}

/** Somebody is logged in: on to where the login leads. */
function goOn(page: Page, session: Session, headers: HttpResponse['headers'] = {}): HttpResponse {
  if (page.goto !== undefined) return redirect(303, page.goto, headers)
  return welcome(page, session, headers)
}

/** Says who is logged in, and leads on from there. */
function welcome(
  page: Page,
  session: Session,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  const { realm, goto } = page
  const frame = frameOf(realm, messagesFor(page))
  const notYou = leaving(page, session)
  const body = signedInPage({
    ...frame,
    userName: session.username,
    notYou,
    goto,
    account: accountUrl(realm),
  })
  return htmlPage(200, body, { ...pageHeaders(frame), ...headers })
}

/**
 * The session this browser got in another tab after it was given this form: then there is nothing left
 * to log in for. Not where the form names somebody else, who must not go on as the one who is there.
 */
async function loggedInSince(
  { realm, journey, visit, session }: Page,
  form: Form,
): Promise<Session | undefined> {
  const made = authIdMade(realm, form.get('authId') ?? '')
  if (session === undefined || made === undefined || session.auth_time < made) return undefined
  const name = nameGiven(await start(realm, journey, visit), form)
  const same = name === '' || plainUsername(name) === plainUsername(session.username)
  return same ? session : undefined
}

/** Too many tries, too many at once: the page comes again with that status instead of a dead end. */
async function take(step: () => Promise<Progress>): Promise<Progress | OAuthError> {
  try {
    return await step()
  } catch (e) {
    if (e instanceof OAuthError) return e
    throw e
  }
}

/** The user name among the answers to a step; empty when it did not ask for one. */
function nameGiven(step: Progress, form: Form): string {
  const asked = step.kind === 'ask' ? step.callbacks : []
  const input = asked.find(({ type }) => type === 'NameCallback')?.input?.[0]
  return (input && form.get(input.name)) ?? ''
}

async function again(page: Page, why: Again): Promise<HttpResponse> {
  return ask(page, await start(page.realm, page.journey, page.visit), why)
}
