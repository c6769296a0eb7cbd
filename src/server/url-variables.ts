/** Where a URL with a password is given that is not to stand in a command line, by the option it stands for. */
export const urlVariables = {
  from: 'PARAPET_MIGRATE_FROM',
  'from-settings': 'PARAPET_MIGRATE_FROM_SETTINGS',
  to: 'PARAPET_MIGRATE_TO',
  'to-settings': 'PARAPET_MIGRATE_TO_SETTINGS',
  doctor: 'PARAPET_DOCTOR_STORE',
} as const
