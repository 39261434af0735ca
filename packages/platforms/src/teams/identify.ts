import type { Identified } from '../adapter.ts'
import type { TeamsCredentials } from './credentials.ts'

/** A bot is called by its app's id in Teams, so nobody need be asked. */
export async function identifyTeams({ appId }: Pick<TeamsCredentials, 'appId'>): Promise<Identified> {
  return { status: 'known', identity: { user: `28:${appId}`, app: appId } }
}
