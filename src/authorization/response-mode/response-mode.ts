/** Parameters of an authorization response, in the order they appear. */
export type ResponseParameters = readonly (readonly [name: string, value: string | undefined])[]

/** How a response leaves: the browser is sent to a location, or given a form that it posts. */
export type Carried =
  | { readonly location: string }
  | { readonly action: string; readonly values: readonly (readonly [string, string])[] }

/** One way in which an authorization response travels to the client. */
export interface ResponseMode {
  /** OAuth 2.0 Multiple Response Types §5: tokens never go where they would be logged. */
  readonly tokens: boolean
  /** `redirect_uri` is proven, and kept byte for byte. */
  readonly carry: (redirect_uri: string, parameters: ResponseParameters) => Carried
}
