declare module '@adobe/structured-data-validator' {
  type Issue = { issueMessage: string; severity: 'ERROR' | 'WARNING'; errorType?: string }
  /** Takes what @marbec/web-auto-extractor makes of a page, and schema.org's vocabulary as JSON-LD. */
  export default class Validator {
    constructor(schemaOrg: object)
    validate(extracted: Record<'jsonld' | 'microdata' | 'rdfa', Record<string, object[]>>): Promise<Issue[]>
  }
}
