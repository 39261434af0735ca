import { Type } from 'typebox'

/** What every product of Meta needs to be called back, and where its API is. */
export const metaFields = {
  appSecret: Type.String({
    pattern: '^[!-~]{16,256}$',
    description: "The Meta app's secret (App settings, Basic): what Meta signs its calls with.",
  }),
  verifyToken: Type.String({
    pattern: '^[!-~]{1,256}$',
    description:
      'A text of your own choice, typed into the webhook form as "Verify token"; printable, no spaces.',
  }),
  apiRoot: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#@]+$',
      maxLength: 2048,
      description: "The Graph API's address, without a version; default Meta's own.",
    }),
  ),
  apiVersion: Type.Optional(
    Type.String({
      pattern: '^v[0-9]{1,3}\\.[0-9]{1,2}$',
      description: 'The Graph API version, such as v25.0 (default).',
    }),
  ),
}

/** A token of the Graph API. */
export const GraphToken = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_.|-]{1,1024}$', description })

/** An id of the Graph API: digits. */
export const GraphId = (description: string) => Type.String({ pattern: '^[0-9]{1,32}$', description })
