import type { LoginHints } from '../../authorization/login-hints.ts'
import { base64url } from '../../base/bytes.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { Json } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { tell } from '../../base/trace.ts'
import type { AuthId } from '../../journey/auth-id.ts'
import { openAuthId } from '../../journey/auth-id.ts'
import { run } from '../../journey/run.ts'
import type { EndStep, Step } from '../../journey/step.ts'
import { nameTried } from '../../journey/step.ts'
import { visitOf } from '../../journey/visit.ts'
import { answersIn } from '../../page/question/fields.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { sessionCookies } from '../../session/cookie.ts'
import type { Session } from '../../session/session.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { visitorOf } from '../unhurried/visitor.ts'
import { indexOfPage, journeyToBegin, serves } from './journey/asked.ts'
import { askToBegin, firstStep, isStart } from './journey/begin.ts'
import { callOf } from './journey/call.ts'
import type { Ending } from './journey/end.ts'
import { conclude } from './journey/end.ts'
import { askToResume, resumed, suspendedIdOf } from './journey/resume.ts'
import { goOn, leadTo, welcome } from './logged-in.ts'
import { loggedInSince } from './logged-in-since.ts'
import type { Again, Page } from './login-page.ts'
import { ask, heldOff, isAuthorization, loginAddress, take } from './login-page.ts'
import { failsAtOnce, noSuchWay } from './login-refused.ts'
import type { WithoutSession } from './login-told.ts'
import { placeTold, sessionTold, withoutSession } from './login-told.ts'
import { isBoundTo, markCookie, markOf } from './pre-login.ts'
import { resumeAt } from './resume-at.ts'

/** Finds that request by where the login leads; undefined when it leads to none that can be used. */
export type FindLoginHints = (realm: Realm, goto: string) => Ready<LoginHints | undefined>

/**
 * The pages that log a user in (PingAM: /XUI/). Addressed in the query as AM's are: by `realm`, by `service` or
 * another word for what is asked, and by where the login leads.
 */
export function login(findHints: FindLoginHints): Endpoint {
  return {
    path: '/XUI/*',
    under: 'am',
    methods: ['GET', 'POST'],
    errors: 'page',
    cors: false,
    unhurried: {
      hashed: visitorOf,
      crowded: async (realm, http) => begin(await open(realm, http, findHints), crowded),
    },

    async handle(realm, http) {
      const page = await open(realm, http, findHints)
      const suspendedId = suspendedIdOf(page)
      if (suspendedId !== undefined) return fromLetter(page, suspendedId)
      if (http.method === 'POST') return submit(page, readForm(http))
      const { session } = page
      if (session !== undefined && (await isEnough(page, session))) return welcome(page, session)
      tell('login_shown')
      return begin(page)
    },
  }
}

const crowded: Again = { status: 503, notice: 'busy', headers: { 'retry-after': '1' } }

async function open(realm: Realm, http: HttpRequest, findHints: FindLoginHints): Promise<Page> {
  const query = readQuery(http)
  const asked = await journeyToBegin(realm, indexOfPage(query))
  const { wanted, session, upgraded } = await callOf(realm, http, query)
  if (typeof asked === 'string') throw noSuchWay(realm, asked, wanted)
  const { goto } = wanted
  const hints = goto === undefined ? undefined : await findHints(realm, goto)
  const other = query.get('other') === 'true' ? 'true' : undefined
  const login_hint = other ? undefined : hints?.login_hint
  const visit = visitOf(http, session, { ...wanted, login_hint, ui_locales: hints?.ui_locales })
  const mark = markOf(http) ?? base64url(realm.random(16))
  return { realm, http, asked, wanted, goto, other, hints, session, upgraded, visit, mark }
}

/**
 * Whether the session there is serves as it does at AM's JSON endpoint. What leads to `/authorize` was sent from there,
 * since the session is not enough.
 */
function isEnough(page: Page, session: Session): Ready<boolean> {
  const { realm, http, asked } = page
  return !isAuthorization(page) && serves(realm, asked, session, readQuery(http))
}

/** The first step of the journey, and why it comes again; a button alone, where more than a question would come of it. */
async function begin(page: Page, why?: Again): Promise<HttpResponse> {
  const step = await firstStep(page, { looking: true })
  return step === undefined ? askToBegin(page, why) : shown(page, step, why)
}

/** Somebody has pressed that button. */
async function pressed(page: Page): Promise<HttpResponse> {
  const step = await firstStep(page, {})
  return step === undefined ? askToBegin(page) : shown(page, step)
}

/** Takes the form's answers one step on. Whatever is wrong with them, the answer is a fresh page. */
async function submit(page: Page, form: Form): Promise<HttpResponse> {
  const { realm, visit, asked } = page
  if (isStart(page, form)) return pressed(page)
  const authId = openAuthId(realm, form.get('authId') ?? '')
  if (typeof authId !== 'object' || !isOf(page, authId)) return stale(page, form)
  const at = resumeAt(realm, asked.journey, page.goto)
  const step = await take(() => run(realm, visit, authId, answersIn(form), at))
  if (step instanceof OAuthError) return begin(page, heldOff(step))
  if (step.kind === 'over') return stale(page, form)
  return step.kind === 'again' ? toldBefore(page, form, step.told) : shown(page, step)
}

/** The same answers were given before: a form was sent twice, or its answer was lost. */
async function toldBefore(page: Page, form: Form, told: Json): Promise<HttpResponse> {
  const { realm, http } = page
  const without = withoutSession(told)
  if (without !== undefined) return ended(page, without)
  const session = await sessionTold(realm, told)
  if (session === undefined) return stale(page, form)
  const cookies = sessionCookies(realm, http, session.token)
  return goOn(page, session, { 'set-cookie': cookies }, placeTold(told))
}

/** Somebody has opened a link from a letter, or goes on there. */
async function fromLetter(page: Page, suspendedId: string): Promise<HttpResponse> {
  const { http } = page
  if (http.method !== 'POST') return askToResume(page, suspendedId)
  const step = await take(async () => resumed(page, suspendedId, readForm(http)))
  if (step === undefined) return askToResume(page, suspendedId, 400)
  if (step instanceof OAuthError) return begin(page, heldOff(step))
  return step.kind === 'over' ? begin(page, { status: 400, notice: 'link' }) : shown(page, step)
}

/** Whether the form was given to this browser, for this journey. */
function isOf({ realm, http, mark, asked }: Page, { bound, journey }: AuthId): boolean {
  return markOf(http) !== undefined && isBoundTo(realm, mark, bound) && journey === asked.journey
}

async function stale(page: Page, form: Form): Promise<HttpResponse> {
  const session = await loggedInSince(page, form)
  if (session !== undefined) return goOn(page, session)
  event('login.stale', { realm: page.realm.path, journey: page.asked.journey })
  return begin(page, { status: 400, notice: 'stale' })
}

/** What a step comes to, as a page. */
async function shown(page: Page, step: Step, why?: Again): Promise<HttpResponse> {
  if (step.kind === 'ask') return ask(page, { ...step, hidden: [['authId', step.authId]] }, why)
  if (step.kind === 'busy') return begin(page, { status: 503, notice: 'busy' })
  if (step.kind === 'over' || step.kind === 'again')
    throw new OAuthError('bad_request', 'The journey is over')
  return end(page, step, why)
}

async function end(page: Page, step: EndStep, why?: Again): Promise<HttpResponse> {
  const { realm, http, visit, wanted, upgraded } = page
  const told: Ending['told'] = (session, to) => ({ session, place: to.place ?? null })
  const terms = { ...wanted, upgraded, locales: visit.locales, noSession: false, told }
  const ending = await conclude(realm, http, step, terms)
  if (ending.kind === 'succeeded' && ending.signedIn !== undefined) {
    tell('logged_in')
    const cookies = [...ending.signedIn.cookies, markCookie(http, '', 'Max-Age=0; ')]
    return goOn(page, ending.signedIn.session, { 'set-cookie': cookies }, ending.place)
  }
  const { kind, place = null } = ending
  const failed = ending.kind === 'failed'
  const [said, cookies] = failed ? [ending.message ?? null, []] : [null, ending.cookies]
  const without: WithoutSession = { kind, place, said, tried: nameTried(step) ?? '', cookies }
  await step.settle(without)
  return ended(page, without, why)
}

/** Nobody is logged in by it. */
function ended(
  page: Page,
  { kind, place, said, tried, cookies = [] }: WithoutSession,
  why?: Again,
): Ready<HttpResponse> {
  const { realm, http, visit, wanted } = page
  if (kind === 'failed') {
    tell('login_failed')
    if (place !== null) return leadTo(realm, place)
    if (why !== undefined) throw failsAtOnce(page, said)
    // Whoever has only pressed the button of a link has entered nothing.
    const notice = suspendedIdOf(page) === undefined ? 'failed' : 'link'
    const again = { status: 401, notice, said: said ?? undefined } as const
    return begin({ ...page, visit: { ...visit, tried } }, again)
  }
  const over = markCookie(http, '', 'Max-Age=0; ')
  // Without a session there is nobody to welcome: from here on it is as for anybody who comes to log in.
  return leadTo(realm, place ?? loginAddress(realm, wanted), { 'set-cookie': [over, ...cookies] })
}
