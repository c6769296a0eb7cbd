/** What attributes are called where they are asked (PingIDM: titles of the managed user's schema). */
const titles: Readonly<Record<string, string>> = {
  userName: 'Username',
  password: 'Password',
  givenName: 'First Name',
  sn: 'Last Name',
  mail: 'Email Address',
  telephoneNumber: 'Telephone Number',
  postalAddress: 'Address 1',
  city: 'City',
  postalCode: 'Postal Code',
  country: 'Country',
  stateProvince: 'State/Province',
  description: 'Description',
  displayName: 'Display Name',
  profileImage: 'Profile Image',
  'preferences/updates': 'Send me news and updates',
  'preferences/marketing': 'Send me special offers and services',
}

/** Its title, else its name. */
export function titleOf(attribute: string): string {
  return Object.hasOwn(titles, attribute) ? (titles[attribute] as string) : attribute
}
