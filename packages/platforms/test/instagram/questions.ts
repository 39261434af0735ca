import { messagingQuestions } from '../meta/messaging-questions.ts'

/** The answers to the questions of every platform. */
export const questions = messagingQuestions('instagram')
