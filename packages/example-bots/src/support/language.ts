import model from 'wink-eng-lite-web-model'
import winkNLP, { type Document } from 'wink-nlp'

const create = () => winkNLP(model, ['sbd', 'pos', 'negation', 'sentiment', 'ner'])

/**
 * wink remembers every word that it did not know, for good: after so many letters (60 MB if all were new) it
 * starts afresh.
 */
const maxLetters = 4_000_000

let nlp = create()
let letters = 0

/** What wink can be asked about a text or its parts. */
export const { its } = nlp

/** Takes a text apart: sentences, words with their basic forms, entities, sentiment. */
export function readEnglish(text: string): Document {
  letters += text.length
  if (letters > maxLetters) {
    nlp = create()
    letters = text.length
  }
  return nlp.readDoc(text)
}
