import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import { bucketOf, inputsOf, tokenIn } from '../carrier/passenger.ts'

// Asks about one passenger without saying about whom: what is typed is blinded here and leaves this device in no other form.

const { voprf } = ristretto255_oprf
type Evaluated = {
  answer: string
  query: string
  evaluated: string[]
  proof: string
  key: string
  bits: number
  list: number
  list_on: string
}

const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
const base64 = (of: Uint8Array) => btoa(String.fromCharCode(...of))

class CarrierCheck extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form')!
    form.hidden = false
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const typed = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value.trim()
      const [year, month, day] = ['birth_year', 'birth_month', 'birth_day'].map((name) => Number(typed(name)))
      const birth = year! * 10_000 + month! * 100 + day!
      const [document, family, given] = [typed('document'), typed('family'), typed('given')] as const
      if (document.length < 5 || !family || !given || !(birth > 19_000_101) || month! > 12 || day! > 31)
        return this.show('missing')
      this.show('asking')
      this.ask(inputsOf({ document, family, given, birth })).catch(() => this.show('failed'))
    })
  }

  private async ask(inputs: string[]) {
    const items = inputs.map((input) => {
      const text = new TextEncoder().encode(input)
      return { input: text, ...voprf.blind(text) }
    })
    const points = items.map(({ blinded }) => base64(blinded)).join()
    const answered = await this.post<Evaluated>({ step: 'ask', points })
    if (typeof answered === 'string') return this.show(answered)
    if (answered.answer === 'refer') return this.show('refer')
    // The key of this page: a server that used another for one carrier would be found out here.
    const outputs = voprf.finalizeBatch(
      items.map((item, at) => ({ ...item, evaluated: bytes(answered.evaluated[at]!) })),
      bytes(this.dataset.key!),
      bytes(answered.proof),
    )
    const heads = outputs.map((output) => bucketOf(output, answered.bits)).join()
    const { query } = answered
    const found = await this.post<{ tag: string; hidden: string }[]>({ step: 'tags', query, heads })
    if (typeof found === 'string') return this.show(found)
    const bucket = found.map(({ tag, hidden }) => ({ tag: bytes(tag), hidden: bytes(hidden) }))
    const token = tokenIn(bucket, outputs)
    if (token) {
      await this.post({ step: 'refer', query, token: base64(token) })
      return this.show('refer')
    }
    for (const part of this.querySelectorAll<HTMLElement>('[data-part]'))
      part.textContent = String(answered[part.dataset.part as 'list'])
    this.show('nothing')
  }

  /** What the server said; the name of a state where it did not take the question. */
  private async post<T>(fields: Record<string, string>): Promise<T | string> {
    const response = await fetch(location.pathname, { method: 'POST', body: new URLSearchParams(fields) })
    if (response.ok && response.headers.get('content-type')?.startsWith('application/json')) return response.json()
    return response.status === 503 ? 'off' : response.status === 429 ? 'quota' : 'failed'
  }

  private show(state: string) {
    for (const part of this.querySelectorAll<HTMLElement>('[data-state]')) part.hidden = part.dataset.state !== state
  }
}

customElements.define('carrier-check', CarrierCheck)
