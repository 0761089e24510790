// Who asks for the first is shown the others too, behind: the same craft under another group, or what people call by
// one everyday name. `~`: another craft, only worth a look where the asked one is rare. One direction; our own judgement. Groups that share the asked word itself are found without this.
const NEAR = `
1120: ~1219
2141: 2144 2149 ~3119
2142: ~3112 ~3123 2161
2166: 3432
2211: 2212
2212: 2211
2221: 3221
2261: 2211
2262: 3213
2310: 2320 2330
2330: 2341 2320
2341: 2330 2342
2342: ~5311
2411: 3313
2512: 2513 2514
2513: 2512 2514
2514: 2512
3123: ~7111
3213: 2262
3221: 2221
3313: 2411
3321: 3322
3434: 5120
4110: 4120
4120: 4110 3343
4321: ~9333
4412: ~9621
5131: 5132
5132: 5131
5153: ~9613 ~5414
5211: 5223
5221: 5223
5223: 5211 5221 5230
5230: 5223
5311: 5322
5321: 5322
5322: 5321
5329: 5321
5414: 5419
6111: 6112 6113 6114 ~9211
6112: 6113
6113: 9214 6112
6121: 9212
6210: 9215
9215: 6210
6130: 6111 6121 9213
7111: 7112 7113 7114 7115 7119 7121 7122 7123 7131 9313
7115: ~7111 7522
7123: 7131 ~7111
7131: 7123
7132: 7131 ~7231
7213: 7231
7231: 7233
7233: 7231
7315: ~7125
7411: 7412 7413
7412: 7411 7413
7413: 7412 7411
7512: 9411
7522: 7115 8219
7531: 8153 7533 7532
7533: 8153 7531
8153: 7531 7533 7532
8157: 9121
8160: ~9329
8183: 9321
8189: 9329
8322: 8331 8332 8321
8331: 8332 8322
8332: 8322
9111: 9112
9112: 9111 ~9613
9121: 8157
9211: 9213 9214 6111
9213: 9211 9212 9214
9214: 6113 9211
9312: 9313
9313: 9312 9329 ~7111
9321: ~9329 8183
9329: 9321 8189
9333: 9334 9329
9334: 9333
9411: 9412
9412: 9411
9613: ~9112
9621: ~4412
`

/** A unit group near another: 2 the same craft, 0 another one that is worth a look. */
type Near = { code: string; nearness: 0 | 2 }

const BY_CODE = new Map(
  NEAR.trim()
    .split('\n')
    .map((line): [string, Near[]] => {
      const [code, others] = line.split(': ')
      return [
        code!,
        others!.split(' ').map((one) => ({ code: one.replace('~', ''), nearness: one[0] === '~' ? 0 : 2 })),
      ]
    }),
)

/** Unit groups that whoever asks for this one would look at too, nearest first. */
export const nearOccupations = (code: string): readonly Near[] => BY_CODE.get(code) ?? []
