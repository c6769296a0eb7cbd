import { claimsAsked, consentSavable, csrfToken } from '../../authorization/consent.ts'
import { decisionParameters, detailParameter } from '../../authorization/decision-parameter.ts'
import type { HttpResponse } from '../../base/http.ts'
import { header, htmlPage } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { tell } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import { resourcesLeft } from '../../client/resource/requested.ts'
import type { Resource } from '../../client/resource/resource.ts'
import { termsOf } from '../../client/terms.ts'
import { detailOf } from '../../details/detail.ts'
import { asWritten, pieces, rows } from '../../details/words.ts'
import { frameOf } from '../../page/brand.ts'
import { claimText, claimTexts } from '../../page/claim-text.ts'
import {
  clientView,
  localised,
  resourceViews,
  scopeViews,
  shownLogo,
} from '../../page/client-view.ts'
import type { DetailView } from '../../page/consent/detail-choice.ts'
import type { ConsentPage, Lasts } from '../../page/consent.ts'
import { consentPage } from '../../page/consent.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Messages } from '../../page/messages/message.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { issuesRefreshToken } from '../../token/refresh-token.ts'
import { claimsOfScopes } from '../../user/claims.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { notYouAt } from '../session/not-you.ts'
import type { Authorization } from './proceed.ts'
import { formTarget, returnUrl } from './visit.ts'

/** The page on which a user allows or denies what a client asks for. */
export async function askConsent(
  authorization: Authorization,
  session: Session,
): Promise<HttpResponse> {
  const { visit, request, redirection, subjectId } = authorization
  const { realm, client, http, form } = visit
  const locales = request.ui_locales?.split(' ') ?? []
  const messages = chooseMessages(locales, header(http, 'accept-language'))
  const user = await findEndUser(realm, session.sub)
  const resources =
    request.resource === undefined ? [] : await othersAsked(realm, client, request.resource)
  const view = clientView(client, messages.lang)
  const frame = frameOf(realm, messages)
  const { redirect_uri } = redirection
  const page = consentPage({
    ...frame,
    action: formTarget(http),
    hidden: [...form].filter(([name]) => !decisionParameters.has(name)),
    csrf: csrfToken(realm, session, subjectId),
    client: view,
    userName: session.username,
    notYou: notYouAt(realm, session, returnUrl(visit)),
    ...sharedWith(authorization, user, messages, resources),
    resources: resourceViews(resources, messages.lang),
    details: detailViews(realm, request, messages.lang),
    redirect_uri,
    lasts: lastsOf(authorization),
    canSave: consentSavable(realm),
  })
  tell('consent_shown')
  return htmlPage(200, page, pageHeaders({ redirect_uri, logo: shownLogo(view), ...frame }))
}

/** The resources that are named, without this server itself, which asks. */
async function othersAsked(
  realm: Realm,
  client: Client,
  identifiers: readonly string[],
): Promise<readonly Resource[]> {
  const named = await resourcesLeft(realm, client, identifiers)
  return named.filter(({ identifier }) => identifier !== realm.issuer)
}

/** Each authorization detail in the realm's words, in the language of the page. */
function detailViews(
  { detailsTypes }: Realm,
  { authorization_details = [] }: AuthorizationRequest,
  lang: string,
): readonly DetailView[] {
  return authorization_details.map((detail, i) => {
    const { type } = detailOf(detail)
    const value = asWritten(detail)
    const { displayName = [], consentText = [] } = detailsTypes.get(type) ?? {}
    const text = localised(consentText, lang)
    return {
      parameter: detailParameter(i),
      type,
      name: localised(displayName, lang) || type,
      pieces: text === '' ? [] : pieces(text, value),
      rows: text === '' ? rows(value) : [],
    }
  })
}

/** What is asked for, with what this user's account says to it. */
function sharedWith(
  { visit, request }: Authorization,
  user: EndUser | undefined,
  messages: Messages,
  resources: readonly Resource[],
): Pick<ConsentPage, 'scopes' | 'claims'> {
  const { realm, client } = visit
  const ofResources = resources.flatMap((each) => each.scopes)
  const scopes = [...client.scopes, ...ofResources, ...realm.provider.supportedScopes]
  return {
    scopes: scopeViews({ ...client, scopes }, request.scope, messages.lang).map((scope) => ({
      ...scope,
      values: user === undefined ? [] : claimTexts(claimsOfScopes(user, [scope.name]), messages),
    })),
    claims: claimsAsked(request).map((name) => ({
      name,
      value: claimText(name, (user && member(user.attributes, name)) ?? null, messages),
    })),
  }
}

/** How long what is issued lasts: a refresh token begins anew each time it is used. */
function lastsOf({ visit, request }: Authorization): Lasts | undefined {
  const { realm, client } = visit
  const types = request.response_type.split(' ')
  const terms = termsOf(realm, client)
  if (types.includes('code') && issuesRefreshToken(realm, client))
    return { seconds: Math.max(0, terms.refresh_token_lifetime), unused: true }
  if (!types.includes('code') && !types.includes('token')) return undefined
  return { seconds: terms.access_token_lifetime, unused: false }
}
