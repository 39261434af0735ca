import type { TeamsCredentials } from './credentials.ts'

/** What differs between Microsoft's clouds (the presets of Microsoft's own Teams SDK). */
export interface TeamsCloud {
  readonly issuer: string
  readonly openIdUrl: string
  readonly loginUrl: string
  /** Where an app of many tenants gets its tokens. */
  readonly tenant: string
  readonly scope: string
  /** Where messages go that answer nothing, as Microsoft publishes it. */
  readonly serviceUrl: string | undefined
  /** Hosts that are of this cloud alone. */
  readonly hosts: RegExp
}

const commercial: TeamsCloud = {
  issuer: 'https://api.botframework.com',
  openIdUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  loginUrl: 'https://login.microsoftonline.com',
  tenant: 'botframework.com',
  scope: 'https://api.botframework.com/.default',
  serviceUrl: 'https://smba.trafficmanager.net/teams',
  hosts:
    /^(?:smba\.trafficmanager\.net|smba\.infra\.gcc\.teams\.microsoft\.com|login\.microsoftonline\.com|(?:[a-z0-9-]+\.)+botframework\.com)$/,
}

const government: TeamsCloud = {
  issuer: 'https://api.botframework.us',
  openIdUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  loginUrl: 'https://login.microsoftonline.us',
  tenant: 'MicrosoftServices.onmicrosoft.us',
  scope: 'https://api.botframework.us/.default',
  // GCC High and the Department of Defense have one each.
  serviceUrl: undefined,
  hosts:
    /^(?:smba\.infra\.(?:gov|dod)\.teams\.microsoft\.us|login\.microsoftonline\.us|(?:[a-z0-9-]+\.)+botframework\.azure\.us)$/,
}

const china: TeamsCloud = {
  issuer: 'https://api.botframework.azure.cn',
  openIdUrl: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
  loginUrl: 'https://login.partner.microsoftonline.cn',
  tenant: 'microsoftservices.partner.onmschina.cn',
  scope: 'https://api.botframework.azure.cn/.default',
  serviceUrl: undefined,
  hosts:
    /^(?:login\.partner\.microsoftonline\.cn|(?:[a-z0-9-]+\.)+(?:botframework\.azure|teams\.microsoftonline)\.cn)$/,
}

const clouds: Readonly<Record<NonNullable<TeamsCredentials['cloud']>, TeamsCloud>> = {
  public: commercial,
  gcc: { ...commercial, serviceUrl: 'https://smba.infra.gcc.teams.microsoft.com/teams' },
  gccHigh: { ...government, serviceUrl: 'https://smba.infra.gov.teams.microsoft.us/teams' },
  dod: { ...government, serviceUrl: 'https://smba.infra.dod.teams.microsoft.us/teams' },
  china,
}

const all = [commercial, government, china]

/** Everybody who may sign for Microsoft. */
export const knownIssuers: readonly string[] = all.map(({ issuer }) => issuer)

type Settings = Pick<TeamsCredentials, 'cloud' | 'openIdUrl' | 'loginUrl'>

/**
 * The cloud that a bot lives in: the one that is set, failing that the one of its urls, of the address that
 * it is called from or answers to, or the commercial one.
 */
export function cloudOf(settings: Settings, serviceUrl?: string): TeamsCloud {
  return knownCloudOf(settings) ?? cloudOfUrl(serviceUrl) ?? commercial
}

/**
 * The same, but undefined where only urls of the operator's own are set: then nobody has said which cloud it
 * is.
 */
export function knownCloudOf({ cloud, openIdUrl, loginUrl }: Settings): TeamsCloud | undefined {
  if (cloud !== undefined) return clouds[cloud]
  if (openIdUrl === undefined && loginUrl === undefined) return commercial
  return cloudOfUrl(openIdUrl) ?? cloudOfUrl(loginUrl)
}

/** Whether an address is one of Microsoft's, in whichever cloud. */
export function isMicrosoftHost(hostname: string): boolean {
  return all.some(({ hosts }) => hosts.test(hostname))
}

function cloudOfUrl(url: string | undefined): TeamsCloud | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  return all.find(({ hosts }) => hosts.test(hostname))
}
