/** Every page of docs/reference, made from the source as it stands. */
import { auditPage } from './audit.ts'
import { checksPage } from './checks.ts'
import { coveragePage } from './coverage.ts'
import { endpointsPage } from './endpoints.ts'
import { eventsPage } from './events.ts'
import { lintPage } from './lint.ts'
import { reasonsPage } from './reasons.ts'
import {
  authenticationSettingsPage,
  clientMetadataPage,
  realmSettingsPage,
  remoteConsentAgentPage,
  serverSettingsPage,
} from './settings.ts'
import { storagePage } from './storage.ts'
import { termsPage } from './terms.ts'
import { trialsPage } from './trials.ts'
import { errorsPage, parametersPage, profilesPage } from './wire.ts'

/** The folder of the pages, relative to the project. */
export const folder = 'docs/reference'

/** Stands among them and is written by hand; `test/rules.test.ts` watches over it. */
export const byHand = 'rules.md'

/** File names and texts. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['settings.md', serverSettingsPage()],
    ['realm-settings.md', realmSettingsPage()],
    ['authentication-settings.md', authenticationSettingsPage()],
    ['client-metadata.md', clientMetadataPage()],
    ['remote-consent-agent.md', remoteConsentAgentPage()],
    ['profiles.md', profilesPage()],
    ['terms.md', termsPage()],
    ['parameters.md', parametersPage()],
    ['errors.md', errorsPage()],
    ['checks.md', checksPage()],
    ['reasons.md', reasonsPage()],
    ['lint.md', lintPage()],
    ['endpoints.md', await endpointsPage()],
    ['events.md', eventsPage()],
    ['audit.md', auditPage()],
    ['storage.md', storagePage()],
    ['coverage.md', coveragePage()],
    ['trials.md', trialsPage()],
  ])
}
