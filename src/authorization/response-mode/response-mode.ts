/** Parameters of an authorization response, in the order they appear. */
export type ResponseParameters = readonly (readonly [
  name: string,
  value: string | number | undefined,
])[]

/** The same as they stand in a URL or a form. */
export type SentParameters = readonly (readonly [name: string, value: string | undefined])[]

/** How a response leaves: the browser is sent to a location, or given a form that it posts. */
export type Carried =
  | { readonly location: string }
  | { readonly action: string; readonly values: readonly (readonly [string, string])[] }

/** One way in which an authorization response travels to the client. */
export interface ResponseMode {
  /**
   * OAuth 2.0 Multiple Response Types §5: tokens never go where they would be logged, unless nobody but the
   * client can read them (JARM §2.3.1).
   */
  readonly tokens: boolean | 'encrypted'
  /** JARM §2: one parameter is carried, a JWT of all the others. */
  readonly jwt?: true
  /** `redirect_uri` is proven, and kept byte for byte. */
  readonly carry: (redirect_uri: string, parameters: SentParameters) => Carried
}

/** A name for one mode or another, by where answers of the response type go that name none. */
export interface ResponseModeByType {
  readonly byType: { readonly query: string; readonly fragment: string }
}
