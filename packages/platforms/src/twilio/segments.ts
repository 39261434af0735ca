// GSM 03.38: its basic characters take one septet, those of its extension two (3GPP TS 23.038, 6.2.1).
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const extension = new Set('^{}\\[~]|€\f')

/**
 * How many SMS a text takes: 160 septets, or 153 each if several; 70 and 67 UTF-16 units if GSM has not all
 * characters.
 */
export function smsSegments(text: string): number {
  let septets = 0
  for (const character of text) {
    if (basic.has(character)) septets += 1
    else if (extension.has(character)) septets += 2
    else return parts(text.length, 70, 67)
  }
  return parts(septets, 160, 153)
}

function parts(units: number, single: number, each: number): number {
  return units <= single ? 1 : Math.ceil(units / each)
}
