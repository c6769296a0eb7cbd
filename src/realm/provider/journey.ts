import { setting, text, textMap, texts, whole } from '../../protocol/setting.ts'

const own = 'parapetConfig'

/** How people log in. */
export const journeyProvider = {
  defaultJourney: setting(
    own,
    'defaultJourney',
    text,
    'Login',
    'Journey when nothing else names one.',
  ),
  journeys: setting(
    own,
    'journeys',
    texts,
    ['Login', 'Password'],
    'Of the journeys that every realm has from the start, those that are enabled until one of that name is saved.',
  ),
  journeyAliases: setting(
    own,
    'journeyAliases',
    textMap,
    {},
    'Other names of journeys: name → journey.',
  ),
  journeyMaxDuration: setting(
    own,
    'journeyMaxDuration',
    whole(1, 1440),
    5,
    'Minutes a journey may take (PingAM: `authenticationSessionsMaxDuration`), unless its tree says otherwise.',
  ),
  journeySuspendedDuration: setting(
    own,
    'journeySuspendedDuration',
    whole(1, 525_600),
    5,
    'Minutes a suspended journey waits (PingAM: `suspendedAuthenticationTimeout`), unless its node says otherwise.',
  ),
} as const
