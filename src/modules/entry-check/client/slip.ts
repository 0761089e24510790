import { bindingOf, plainDocument, readSlip, type Slip } from '../slip-code.ts'

// Verifies a slip on the telephone that scanned it. Nothing leaves it; without network the saved page does the same.

type State =
  | 'missing'
  | 'checking'
  | 'valid'
  | 'stale'
  | 'revoked'
  | 'ended'
  | 'other_document'
  | 'forged'
  | 'incapable'

// A page that is opened once a working day is younger. An older copy lacks a third of what may have been revoked in the 72 hours of a slip.
const FRESH_MS = 24 * 3600_000
// A copy names the last full five minutes before it was made.
const MADE_WITHIN_MS = 5 * 60_000

const bytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

// As the server reads a birth date: the 31st of February is none.
const isDay = (year: number, month: number, day: number) =>
  year > 1900 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12

class SlipCheck extends HTMLElement {
  connectedCallback() {
    const form = document.querySelector<HTMLFormElement>('#slip-form')!
    const code = form.elements.namedItem('code') as HTMLTextAreaElement
    const take = () => {
      if (location.hash.length > 1) code.value = location.hash.slice(1)
    }
    take()
    addEventListener('hashchange', take)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const typed = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value
      const [year, month, day] = ['year', 'month', 'day'].map((part) => Number(typed(`birth_${part}`)))
      const passport = [typed('document'), year! * 10_000 + month! * 100 + day!] as const
      const text = code.value.slice(code.value.indexOf('#') + 1).trim()
      if (!text || !plainDocument(passport[0]) || !isDay(year!, month!, day!)) return this.show('missing', null)
      this.show('checking', null)
      void this.judge(text, passport).then(({ state, slip }) => this.show(state, slip))
    })
    void this.save()
  }

  // A slip opens in the language in which it was made: the page is kept in all of them, this one first, and each is looked at anew.
  private async save() {
    const { languages = '', worker = '' } = this.dataset
    const [, current, path] = /^\/([^/]+)(.*)$/.exec(location.pathname)!
    for (const lang of [current!, ...languages.split(' ').filter((one) => one !== current)])
      try {
        const kept = await navigator.serviceWorker.register(`/${lang}${worker}`, { scope: `/${lang}${path}` })
        await kept.update()
      } catch {
        // A private window, no room, or no network: then what was kept before counts.
      }
  }

  private async judge(
    code: string,
    [document, birth]: readonly [string, number],
  ): Promise<{ state: State; slip: Slip | null }> {
    const { key: publicKey = '', revoked = '', made = '' } = this.dataset
    let slip: Slip | null = null
    try {
      const [text, signature] = code.split('.').map(bytes)
      if (!text || !signature) return { state: 'forged', slip }
      const key = await crypto.subtle.importKey('raw', bytes(publicKey), 'Ed25519', false, ['verify'])
      if (await crypto.subtle.verify('Ed25519', key, signature, text)) slip = readSlip(new TextDecoder().decode(text))
    } catch (error) {
      // A browser without Ed25519 cannot say; it must not say "forged".
      const known =
        error instanceof DOMException && (error.name === 'NotSupportedError' || error.name === 'SyntaxError')
      return { state: known || !globalThis.crypto?.subtle ? 'incapable' : 'forged', slip }
    }
    if (!slip) return { state: 'forged', slip }
    if ((await bindingOf(slip.id, document, birth)) !== slip.passport) return { state: 'other_document', slip }
    if (revoked.split(' ').includes(slip.id)) return { state: 'revoked', slip }
    // A clock that was put back makes no slip run longer than this copy knows.
    const [copied, now] = [Number(made) * 1000, Date.now()]
    if (slip.until * 1000 <= Math.max(now, copied)) return { state: 'ended', slip }
    // What was revoked after this copy was made does not stand in it. It was made up to five minutes after what it says of itself (see
    // `knownNow`): only then was it surely made before the slip.
    const isStale = copied + MADE_WITHIN_MS <= slip.issued * 1000 || Math.abs(now - copied) >= FRESH_MS
    return { state: isStale ? 'stale' : 'valid', slip }
  }

  private show(state: State, slip: Slip | null) {
    for (const note of this.querySelectorAll<HTMLElement>('[data-state]')) note.hidden = note.dataset.state !== state
    const parts = this.querySelector<HTMLElement>('[data-slip]')!
    parts.hidden = !slip
    if (!slip) return
    const utc = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    const shown = { ...slip, issued: utc(slip.issued), until: utc(slip.until) }
    for (const part of parts.querySelectorAll<HTMLElement>('[data-part]'))
      part.textContent = String(shown[part.dataset.part as keyof Slip])
  }
}

customElements.define('slip-check', SlipCheck)
