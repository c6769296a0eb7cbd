import type { Html } from '../../base/html.ts'
import type { ErrorText, KnownClaim, KnownNotice, KnownScope } from './known/known.ts'
import type { QuestionMessages } from './question/question.ts'

/** Every sentence the pages say, in one language. A language that lacks one does not compile. */
export interface Messages {
  /** BCP 47, as the `lang` attribute has it; `dir` where it is written from right to left; what it calls itself. */
  readonly lang: string
  readonly dir?: 'rtl'
  readonly language: string
  readonly opensNewTab: string
  readonly realm: (realm: string) => Html
  /** Links of the realm itself; its name may be empty. */
  readonly brand: {
    readonly help: string
    readonly privacy: (name: string) => Html
  }
  /** Beside the name of whoever is logged in. */
  readonly notYou: string
  /** For links back to an application. */
  readonly backTo: (client: string) => string
  readonly login: {
    readonly title: string
    readonly toContinue: (client: Html) => Html
    /** Whose password is asked, where the application named somebody. */
    readonly as: (user: Html) => Html
    readonly failed: string
    /** A form that cannot be used any more. */
    readonly stale: string
    /** Too many tries of one account, or from one place. */
    readonly tries: string
    /** Too many people at once. */
    readonly busy: string
    readonly submit: string
    /** The same button in PingOne's word. */
    readonly next: string
    readonly cannotShow: (types: string) => Html
  }
  readonly question: QuestionMessages
  readonly client: {
    readonly about: (client: Html) => Html
    readonly policy: string
    readonly terms: string
  }
  readonly consent: {
    readonly title: string
    readonly heading: (client: Html) => Html
    readonly user: (user: Html) => Html
    readonly asksTo: (client: Html) => Html
    readonly asksNothing: (client: Html) => Html
    readonly asksToKnow: string
    /** Above the resources that the access is for (RFC 8707). */
    readonly asksAt: string
    /** Above what is to be done once, such as a payment. */
    readonly asksForThis: (client: Html) => Html
    /** Where there are several of these. */
    readonly leaveOut: string
    /** The host, or undefined for a program on the person's own device. */
    readonly goesTo: (host: Html | undefined) => Html
    readonly lasts: (time: string) => string
    /** Of an access that goes on as long as it is used. */
    readonly lastsUnused: (time: string) => string
    readonly lastsForEver: string
    /** Opens the list of all that is shared with one scope. */
    readonly allValues: (count: number) => string
    /** What is said of an address or a number beside it. */
    readonly verified: Readonly<Record<'yes' | 'no', string>>
    readonly save: string
    readonly allow: string
    readonly deny: string
    /** Words for scopes that need no registration of their own. */
    readonly scopes: Readonly<Record<KnownScope, string>>
    readonly claims: Readonly<Record<KnownClaim, string>>
  }
  readonly account: {
    readonly title: string
    /** What was done, or why it was not. */
    readonly notices: Readonly<Record<KnownNotice, string>>
    readonly applications: string
    readonly noApplications: string
    readonly allowedSince: (time: Html) => Html
    readonly endsAt: (time: Html) => Html
    readonly withdraw: string
    readonly sessions: string
    readonly sessionsAdvice: string
    readonly unknownDevice: string
    /** The session the page is looked at with. */
    readonly thisOne: string
    readonly loggedIn: (time: Html) => Html
    readonly lastUsed: (time: Html) => Html
    readonly end: string
    readonly endOthers: string
    readonly password: string
    readonly currentPassword: string
    readonly newPassword: string
    readonly newPasswordAgain: string
    /** What a password has to be. */
    readonly policy: (shortest: number) => string
    readonly changePassword: string
  }
  readonly error: {
    readonly heading: string
    readonly texts: Readonly<Record<ErrorText, string>>
    /** A button that copies what somebody who runs the server needs to find the request. */
    readonly copy: string
    readonly copied: string
    readonly forDevelopers: string
    /** For a link that takes this very step again. */
    readonly goOn: string
    /** Above what is to be told to whoever is asked for help. */
    readonly report: string
    readonly code: string
    readonly time: string
    /** The name of the request. */
    readonly request: string
    readonly parameter: string
    readonly description: string
    /** Which rule was not met, and the section that has it. */
    readonly reason: string
    readonly section: string
    readonly advice: string
  }
  readonly logout: {
    readonly title: string
    readonly heading: string
    readonly askedBy: (client: Html) => Html
    readonly logout: string
    readonly stay: string
    readonly done: string
    readonly doneText: string
  }
  readonly formPost: {
    readonly title: string
    readonly text: string
    readonly submit: string
  }
  /** At the server's own address. */
  readonly start: {
    readonly title: string
    readonly text: string
    readonly issuer: string
    readonly discovery: string
  }
  readonly signedIn: {
    readonly title: string
    readonly text: (user: Html) => Html
    readonly advice: string
  }
}
