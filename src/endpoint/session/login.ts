import type { LoginHints } from '../../authorization/login-hints.ts'
import { base64url } from '../../base/bytes.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { tell } from '../../base/trace.ts'
import type { AuthId } from '../../journey/auth-id.ts'
import { authIdMade, openAuthId } from '../../journey/auth-id.ts'
import { findJourney } from '../../journey/find.ts'
import { validGoto } from '../../journey/goto.ts'
import { run, start } from '../../journey/run.ts'
import type { EndStep, Step } from '../../journey/step.ts'
import { nameTried, provenUser } from '../../journey/step.ts'
import { visitOf } from '../../journey/visit.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession, sessionCookies } from '../../session/cookie.ts'
import type { Session } from '../../session/session.ts'
import { signIn } from '../../session/sign-in.ts'
import { plainUsername } from '../../user/username.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { goOn, welcome } from './logged-in.ts'
import type { Again, Page } from './login-page.ts'
import { ask, isAuthorization } from './login-page.ts'
import { sessionTold, tellFailure, tellSuccess } from './login-told.ts'
import { bindingOf, isBoundTo, markCookie, markOf } from './pre-login.ts'
import { resumeAt } from './resume-at.ts'

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
      return begin(page)
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
  const login_hint = other ? undefined : hints?.login_hint
  const visit = visitOf(http, session, { login_hint, goto })
  const mark = markOf(http) ?? base64url(realm.random(16))
  return { realm, http, journey, goto, other, hints, session, visit, mark }
}

function journeyNamed(query: Form): string | undefined {
  return query.get('service') ?? query.get('authIndexValue')
}

function journeyAsked(realm: Realm, query: Form): string {
  const journey = findJourney(realm, journeyNamed(query) ?? realm.provider.defaultJourney)
  if (journey === undefined) throw new OAuthError('bad_request', 'No Configuration found')
  return journey.name
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
  return journeyNamed(query) === undefined || session.journey === journey
}

/** The first step of the journey, and why it comes again. */
async function begin(page: Page, why?: Again): Promise<HttpResponse> {
  const { realm, visit, journey, mark, goto } = page
  const bound = bindingOf(realm, mark)
  const at = resumeAt(realm, journey, goto)
  const step = await take(() => start(realm, visit, { journey, bound, resumeAt: at }))
  if (step instanceof OAuthError) throw step
  return shown(page, step, why)
}

/** Takes the form's answers one step on. Whatever is wrong with them, the answer is a fresh page. */
async function submit(page: Page, form: Form): Promise<HttpResponse> {
  const { realm, http, journey, visit } = page
  const authId = openAuthId(realm, form.get('authId') ?? '')
  if (typeof authId !== 'object' || !isOf(page, authId)) return stale(page, form)
  const at = resumeAt(realm, journey, page.goto)
  const step = await take(() => run(realm, visit, authId, new Map(form), at))
  if (step instanceof OAuthError)
    return begin(page, { status: step.status, notice: 'busy', headers: step.detail.headers })
  if (step.kind === 'over') return stale(page, form)
  if (step.kind === 'again') {
    const session = await sessionTold(realm, step.told)
    return session === undefined
      ? stale(page, form)
      : goOn(page, session, { 'set-cookie': sessionCookies(realm, http, session.token) })
  }
  return shown(page, step)
}

/** Whether the form was given to this browser, for this journey. */
function isOf({ realm, http, mark, journey }: Page, authId: AuthId): boolean {
  return (
    markOf(http) !== undefined && isBoundTo(realm, mark, authId.bound) && authId.journey === journey
  )
}

async function stale(page: Page, form: Form): Promise<HttpResponse> {
  const session = await loggedInSince(page, form)
  if (session !== undefined) return goOn(page, session)
  event('login.stale', { realm: page.realm.path, journey: page.journey })
  return begin(page, { status: 400, notice: 'stale' })
}

/** What a step comes to, as a page. */
async function shown(page: Page, step: Step, why?: Again): Promise<HttpResponse> {
  if (step.kind === 'ask') return ask(page, step, why)
  if (step.kind === 'busy') return begin(page, { status: 503, notice: 'busy' })
  if (step.kind === 'over' || step.kind === 'again')
    throw new OAuthError('bad_request', 'The journey is over')
  return ended(page, step, why)
}

async function ended(page: Page, step: EndStep, why?: Again): Promise<HttpResponse> {
  const { realm, http, journey, visit } = page
  const user = await provenUser(realm, step)
  if (user === undefined) {
    tellFailure(realm, step)
    tell('login_failed')
    // A journey that fails before it asks would only fail again.
    if (why !== undefined) throw new OAuthError('access_denied', 'The login failed')
    const tried = nameTried(step) ?? ''
    return begin({ ...page, visit: { ...visit, tried } }, { status: 401, notice: 'failed' })
  }
  tellSuccess(realm, http, journey, user)
  const signed = await signIn(realm, http, user, journey)
  await step.settle({ session: signed.session.sid })
  tell('logged_in')
  const cookies = [...signed.cookies, markCookie(http, '', 'Max-Age=0; ')]
  return goOn(page, signed.session, { 'set-cookie': cookies })
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
  const first = await start(realm, visit, { journey, resumeAt: resumeAt(realm, journey) })
  const name = nameGiven(first, form)
  const same = name === '' || plainUsername(name) === plainUsername(session.username)
  return same ? session : undefined
}

/** Too many tries, too many at once: the page comes again with that status instead of a dead end. */
async function take(step: () => Promise<Step>): Promise<Step | OAuthError> {
  try {
    return await step()
  } catch (e) {
    if (e instanceof OAuthError) return e
    throw e
  }
}

/** The user name among the answers to a step; empty when it did not ask for one. */
function nameGiven(step: Step, form: Form): string {
  const asked = step.kind === 'ask' ? step.callbacks : []
  const input = asked.find(({ type }) => type === 'NameCallback')?.input?.[0]
  return (input && form.get(input.name)) ?? ''
}
