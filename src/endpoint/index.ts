import { loginHints } from '../authorization/login-hints.ts'
import { account } from './account/account.ts'
import { realmConfig } from './admin/index.ts'
import { authorize } from './authorize/authorize.ts'
import { environments } from './environment/environment.ts'
import { compliance } from './history/compliance.ts'
import { explainAuthorization } from './history/explain.ts'
import { keptDocuments } from './kept/document.ts'
import { unserved } from './kept/unserved.ts'
import { lint } from './lint/lint.ts'
import { idm } from './managed/idm.ts'
import { managedUserById, managedUsers } from './managed/managed-user.ts'
import { passwordPolicy } from './managed/password-policy.ts'
import { serviceAccount, serviceAccounts } from './managed/service-account.ts'
import { accessToken } from './oauth/access-token.ts'
import { discovery } from './oauth/discovery.ts'
import { introspect } from './oauth/introspect.ts'
import { jwkUri } from './oauth/jwk-uri.ts'
import { par } from './oauth/par.ts'
import { revoke } from './oauth/revoke.ts'
import { tokenInfo } from './oauth/token-info.ts'
import { userinfo } from './oauth/userinfo.ts'
import { assets } from './plain/asset.ts'
import { brandAssets } from './plain/brand.ts'
import { live, ready } from './plain/health.ts'
import { serverInfo } from './plain/server-info.ts'
import { start } from './plain/start.ts'
import type { Endpoint } from './serve/endpoint.ts'
import { authenticate } from './session/authenticate.ts'
import { endSessionEndpoint } from './session/end-session.ts'
import { login } from './session/login.ts'
import { sessions } from './session/sessions.ts'
import { switchUser } from './session/switch-user.ts'

const protocol: readonly Endpoint[] = [
  par,
  authorize,
  accessToken,
  userinfo,
  introspect,
  revoke,
  jwkUri,
  endSessionEndpoint,
  tokenInfo,
]

/** Every URL of the server. */
export const endpoints: readonly Endpoint[] = [
  ...protocol,
  discovery(protocol),
  authenticate,
  sessions,
  serverInfo,
  login(loginHints),
  switchUser,
  account,
  ...realmConfig,
  unserved,
  explainAuthorization,
  compliance,
  lint,
  managedUsers,
  managedUserById,
  serviceAccounts,
  serviceAccount,
  passwordPolicy,
  ...idm,
  ...environments,
  start,
  ...assets,
  ...brandAssets,
  live,
  ready,
  // Whatever else stands below the same folders has been looked for before.
  ...keptDocuments,
]
