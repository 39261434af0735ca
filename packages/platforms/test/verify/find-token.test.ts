import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyBodyToken } from '../../src/verify/body-token.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const token = 'right-"token"-é'
const mebibyte = 1024 * 1024
const json = (body: string) =>
  verifyBodyToken(webhookRequest(body, { 'content-type': 'application/json' }), token)
const form = (body: string) =>
  verifyBodyToken(webhookRequest(body, { 'content-type': 'application/x-www-form-urlencoded' }), token)

test('the token of a large body is found at its start and at its end, however it is escaped', () => {
  const text = 'x'.repeat(mebibyte)
  const escaped = '"right-\\u0022token\\u0022-\\u00e9"'
  for (const written of [JSON.stringify(token), escaped]) {
    assert.deepEqual(json(`{ "token" : ${written}, "text": "${text}" }`), { genuine: true })
    assert.deepEqual(json(`{"text":"${text}","token":${written},"trigger":"mention"}`), { genuine: true })
  }
  const field = `token=${encodeURIComponent(token)}`
  for (const body of [
    field,
    `${field}&text=${text}`,
    `text=${text}&${field}`,
    `text=${text}&${field}&user_id=1`,
  ]) {
    assert.deepEqual(form(body), { genuine: true })
  }
})

test('a token further down in the JSON, or within a text, proves nothing', () => {
  assert.equal(json(JSON.stringify({ message: { token } })).genuine, false)
  assert.equal(json(JSON.stringify({ text: JSON.stringify({ token }) })).genuine, false)
  assert.equal(json(JSON.stringify({ token: 'wrong', message: { token } })).genuine, false)
  assert.equal(form(`text=${encodeURIComponent(`&token=${token}`)}`).genuine, false)
  assert.equal(form(`my_token=${encodeURIComponent(token)}`).genuine, false)
})

test('a body that holds the token and is no JSON is not genuine', () => {
  assert.equal(json(`{"token":${JSON.stringify(token)},`).genuine, false)
})
