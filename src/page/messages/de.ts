import { html } from '../../base/html.ts'
import type { Messages } from './message.ts'

/** German. */
export const de: Messages = {
  lang: 'de',
  opensNewTab: '(öffnet einen neuen Tab)',
  realm: (realm) => html`Realm ${realm}`,
  notYou: 'Nicht Sie?',
  backTo: (client) => `Zurück zu ${client}`,
  brand: {
    help: 'Hilfe',
    privacy: (name) => (name === '' ? html`Datenschutz` : html`Datenschutz bei ${name}`),
  },
  login: {
    title: 'Anmelden',
    toContinue: (client) => html`weiter zu ${client}`,
    as: (user) => html`als ${user}`,
    failed:
      'Das hat nicht geklappt. Bitte prüfen Sie Ihre Eingaben und versuchen Sie es noch einmal.',
    stale: 'Diese Seite war zu lange geöffnet. Bitte melden Sie sich noch einmal an.',
    busy: 'Es gab zu viele Versuche. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.',
    submit: 'Anmelden',
    next: 'Weiter',
    prompts: { 'User Name': 'Benutzername', Password: 'Passwort' },
    cannotShow: (type) =>
      html`Dieser Schritt (${type}) kann in diesem Browser nicht angezeigt werden.`,
  },
  client: {
    about: (client) => html`Über ${client}`,
    policy: 'Datenschutz',
    terms: 'Nutzungsbedingungen',
  },
  consent: {
    title: 'Zugriff erlauben',
    heading: (client) => html`${client} Zugriff erlauben?`,
    user: (user) => html`Sie sind angemeldet als ${user}.`,
    asksTo: (client) => html`${client} möchte`,
    asksNothing: (client) => html`${client} möchte nur wissen, dass Sie angemeldet sind.`,
    asksToKnow: 'Außerdem möchte die Anwendung wissen',
    goesTo: (host) =>
      host === undefined
        ? html`Danach geht es zurück zu einem Programm auf diesem Gerät.`
        : html`Danach geht es weiter zu ${host}.`,
    lasts: (time) => `Dauer des Zugriffs: ${time}.`,
    lastsUnused: (time) =>
      `Der Zugriff endet, wenn er ${time} lang nicht benutzt wird oder wenn Sie ihn zurücknehmen.`,
    lastsForEver: 'Der Zugriff gilt, bis Sie ihn zurücknehmen.',
    verified: { yes: 'bestätigt', no: 'nicht bestätigt' },
    save: 'Merken, dass ich das erlaube',
    allow: 'Erlauben',
    deny: 'Ablehnen',
    scopes: {
      openid: 'Sie an einer Kennung wiedererkennen',
      profile: 'Ihr Profil lesen, etwa Name, Bild, Geburtstag und Sprache',
      email: 'Ihre E-Mail-Adresse lesen',
      address: 'Ihre Postanschrift lesen',
      phone: 'Ihre Telefonnummer lesen',
      offline_access: 'Diesen Zugriff behalten, während Sie abwesend sind',
    },
    claims: {
      name: 'Ihren vollen Namen',
      given_name: 'Ihren Vornamen',
      family_name: 'Ihren Nachnamen',
      middle_name: 'Ihren zweiten Vornamen',
      nickname: 'Ihren Spitznamen',
      preferred_username: 'Ihren bevorzugten Benutzernamen',
      profile: 'die Adresse Ihrer Profilseite',
      picture: 'Ihr Bild',
      website: 'Ihre Website',
      email: 'Ihre E-Mail-Adresse',
      email_verified: 'ob Ihre E-Mail-Adresse bestätigt ist',
      gender: 'Ihr Geschlecht',
      birthdate: 'Ihren Geburtstag',
      zoneinfo: 'Ihre Zeitzone',
      locale: 'Ihre Sprache und Region',
      phone_number: 'Ihre Telefonnummer',
      phone_number_verified: 'ob Ihre Telefonnummer bestätigt ist',
      address: 'Ihre Postanschrift',
      updated_at: 'wann Ihr Profil zuletzt geändert wurde',
      auth_time: 'wann Sie sich angemeldet haben',
      acr: 'wie Sie sich angemeldet haben',
    },
  },
  error: {
    heading: 'Hier geht es nicht weiter',
    texts: {
      request: 'Die Anwendung hat eine Anfrage geschickt, die dieser Server nicht annehmen kann.',
      spent: 'Dieser Link wurde schon benutzt. Jeder Link gilt nur einmal.',
      expired: 'Dieser Link ist abgelaufen. Er war nur kurze Zeit gültig.',
      gone: 'Dieser Link ist nicht oder nicht mehr gültig.',
      application:
        'Die Anwendung, von der Sie kommen, ist hier nicht bekannt oder darf niemanden anmelden.',
      address:
        'Die Anwendung wollte Sie an eine Adresse zurückschicken, die sie nicht registriert hat.',
      permission: 'Die Anwendung hat etwas verlangt, das ihr nicht zusteht.',
      unsupported: 'Die Anwendung hat etwas verlangt, das dieser Server nicht anbietet.',
      denied: 'Der Zugriff wurde abgelehnt.',
      login:
        'Für diesen Schritt müssten Sie sich anmelden oder zustimmen, und das hat die Anwendung nicht zugelassen.',
      session: 'Sie sind nicht mehr angemeldet, oder diese Seite war zu lange geöffnet.',
      missing: 'Unter dieser Adresse gibt es nichts.',
      later: 'Der Server ist gerade überlastet. Bitte versuchen Sie es gleich noch einmal.',
      fault:
        'Auf diesem Server ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal.',
    },
    forDevelopers: 'Für Entwickler',
    code: 'Fehler',
    parameter: 'Parameter',
    description: 'Einzelheiten',
    goOn: 'Weiter',
    advice: 'Gehen Sie zurück zur Anwendung und beginnen Sie dort noch einmal.',
  },
  logout: {
    title: 'Abmelden',
    heading: 'Möchten Sie sich abmelden?',
    askedBy: (client) => html`${client} möchte Sie von diesem Server abmelden.`,
    logout: 'Abmelden',
    stay: 'Angemeldet bleiben',
    done: 'Sie sind abgemeldet',
    doneText: 'Sie können dieses Fenster schließen.',
  },
  formPost: {
    title: 'Einen Moment',
    text: 'Sie werden zur Anwendung zurückgeleitet. Wenn nichts geschieht, geht es hier weiter.',
    submit: 'Weiter',
  },
  signedIn: {
    title: 'Sie sind angemeldet',
    text: (user) => html`Sie sind angemeldet als ${user}.`,
    advice: 'Gehen Sie weiter zu der Anwendung, die Sie benutzen möchten.',
  },
}
