import type { Ready } from '../../base/ready.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'

/** What of a request says which languages its pages speak. */
export type Speaking = Pick<AuthorizationRequest, 'ui_locales'>

/** Runs `act`; a page that tells a person what went wrong there speaks what the request asked for (OIDC Core §3.1.2.1). */
export async function speaking<T>({ ui_locales }: Speaking, act: () => Ready<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (ui_locales === undefined || !(error instanceof OAuthError)) throw error
    const { code, description, detail } = error
    throw new OAuthError(code, description, { ...detail, locales: ui_locales.split(' ') })
  }
}
