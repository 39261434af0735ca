import type { Document, ItemSentence, ItemToken, ItsFunction } from 'wink-nlp'
import { examples, type Intent } from './examples.ts'
import { trainClassifier } from './intent-classifier.ts'
import { its, readEnglish } from './language.ts'
import { conceptOf } from './lexicon.ts'

const classify = trainClassifier(
  Object.entries(examples).flatMap(([intent, texts]) =>
    texts.map(text => ({ label: intent as Intent, features: sentencesOf(readEnglish(text)).flat() })),
  ),
)

/** Greetings and thanks stand before and after what a message is about. */
const courtesies: ReadonlySet<Intent> = new Set(['greeting', 'thanks'])
const surely = 0.4

/** What the sentence says that is the surest of its meaning; a courtesy only if none says more than that. */
export function intentOf(document: Document): Intent {
  let best: Intent = 'other'
  let bestChance = surely
  for (const [intent, chance] of sentencesOf(document).flatMap(sentence => [...classify(sentence)])) {
    if (intent === 'other' || chance < surely) continue
    const surer = courtesies.has(best) === courtesies.has(intent) ? chance > bestChance : courtesies.has(best)
    if (best !== 'other' && !surer) continue
    best = intent
    bestChance = chance
  }
  return best
}

/**
 * For each sentence the features that it is told by: its words and what they stand for, alone and with their
 * neighbours.
 */
function sentencesOf(document: Document): string[][] {
  const sentences: string[][] = []
  document.sentences().each((sentence: ItemSentence) => {
    const words: string[] = []
    const concepts = ['^']
    sentence.tokens().each((token: ItemToken) => {
      if (/\d/.test(token.out())) return concepts.push('#')
      if (token.out(its.type) !== 'word') return
      const word = token.out(its.lemma as ItsFunction<string>)
      words.push(word)
      concepts.push(conceptOf(word) ?? (token.out(its.pos) === 'NOUN' ? 'noun' : word))
    })
    concepts.push('$')
    const pairs = concepts.slice(1).map((concept, n) => `${concepts[n]} ${concept}`)
    const gaps = concepts.slice(2).map((concept, n) => `${concepts[n]} _ ${concept}`)
    sentences.push([...words, ...concepts.slice(1, -1), ...pairs, ...gaps])
  })
  return sentences
}
