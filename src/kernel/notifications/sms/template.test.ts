import { expect, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { fillTemplate, isSmsTemplate } from './template.ts'

const filling = { to: '+992901234567', text: 'Код: "1" & {to}\\', sender: 'Info', key: 'k-1' }

test('JSON of any shape is filled in at its strings, and cannot be broken out of', () => {
  const template = '{"messages":[{"to":["{digits}"],"body":"{text}","ttl":60}],"id":"{key}","from":"{sender}"}'
  const { type, body } = fillTemplate(template, filling)
  expect(type).toBe('application/json')
  expect(JSON.parse(body)).toEqual({
    messages: [{ to: ['992901234567'], body: filling.text, ttl: 60 }],
    id: 'k-1',
    from: 'Info',
  })
})

test('a form is filled in and encoded', () => {
  const { type, body } = fillTemplate('login=a%26b&phones={to}&mes={text}&charset=utf-8', filling)
  expect(type).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    login: 'a&b',
    phones: '+992901234567',
    mes: filling.text,
    charset: 'utf-8',
  })
})

test.each([
  ['{"to":"{to}","text":"{text}"}', true],
  ['to={digits}&text={text}', true],
  ['{"to":"{to}","text":"{text}"', false],
  ['{"to":"{to}"}', false],
  ['text={text}', false],
  ['{to} {text}', false],
  ['', false],
])('%s: %s', (template, good) => expect(isSmsTemplate(template)).toBe(good))

test('the settings are checked', () => {
  const url = 'https://gateway.example/send'
  const wrong = [
    { HAMSAFAR_SMS_URL: 'http://gateway.example/send' },
    { HAMSAFAR_SMS_URL: url, HAMSAFAR_SMS_BODY: '{"to":"{to}"}' },
    { HAMSAFAR_SMS_URL: url, HAMSAFAR_SMS_SENDER: 'MigrationService' },
    { HAMSAFAR_SMS_URL: url, HAMSAFAR_SMS_HEADER: 'Bearer abc' },
    { HAMSAFAR_SMS_HEADER: 'X-Key: abc' },
  ]
  for (const env of wrong) expect(() => readConfig(env)).toThrow(/HAMSAFAR_SMS_/)
  expect(readConfig({ HAMSAFAR_SMS_URL: url, HAMSAFAR_SMS_HEADER: 'X-Key: abc' })).toMatchObject({
    HAMSAFAR_SMS_SENDER: 'Info',
  })
})
