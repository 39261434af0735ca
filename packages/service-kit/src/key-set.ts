import { type Static, type TObject, type TRecord, type TString, Type } from 'typebox'

type TKeySet = TObject<{ active: TString; keys: TRecord<string, TString> }>

const keyId = /^[A-Za-z0-9_-]{1,32}$/

/** The text of a 32-byte key in base64. */
export const keyPattern = '^[A-Za-z0-9+/]{43}=$'

/**
 * A config field of several keys, one of them active: `{"active":"k1","keys":{"k1":"<32 bytes, base64>"}}`.
 * The others are still read, so a key is rotated without a moment at which anything is unreadable.
 */
export function keySet(description: string): TKeySet {
  return Type.Refine(
    Type.Object(
      { active: Type.String(), keys: Type.Record(Type.String(), Type.String({ pattern: keyPattern })) },
      { additionalProperties: false, description },
    ),
    value => Object.hasOwn(value.keys, value.active) && Object.keys(value.keys).every(id => keyId.test(id)),
    () => 'must have the active key among its keys, and ids of 1 to 32 letters, digits, _ or -',
  )
}
export type KeySet = Static<TKeySet>
