/** Of the account page. */
export type KnownNotice =
  | 'password_changed'
  | 'session_ended'
  | 'withdrawn'
  | 'wrong_password'
  | 'bad_password'
  | 'not_the_same'
  | 'busy'

/** OIDC Core §5.4, §11. */
export type KnownScope = 'openid' | 'profile' | 'email' | 'address' | 'phone' | 'offline_access'

/** OIDC Core §5.1. */
export type KnownClaim =
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'middle_name'
  | 'nickname'
  | 'preferred_username'
  | 'profile'
  | 'picture'
  | 'website'
  | 'email'
  | 'email_verified'
  | 'gender'
  | 'birthdate'
  | 'zoneinfo'
  | 'locale'
  | 'phone_number'
  | 'phone_number_verified'
  | 'address'
  | 'updated_at'
  | 'auth_time'
  | 'acr'

/** What an error page tells a person; several error codes share one text. */
export type ErrorText =
  | 'request'
  | 'spent'
  | 'expired'
  | 'session'
  | 'gone'
  | 'application'
  | 'address'
  | 'permission'
  | 'unsupported'
  | 'denied'
  | 'login'
  | 'missing'
  | 'later'
  | 'fault'
