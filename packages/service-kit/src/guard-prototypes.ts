/** The objects that every other object inherits from, by what they are called in a report. */
const guarded: Readonly<Record<string, object>> = Object.fromEntries(
  [Object, Function, Array, String, Number, Boolean, RegExp, Date, Error, Promise, Map, Set, Uint8Array].map(
    type => [`${type.name}.prototype`, type.prototype as object],
  ),
)

type Members = ReadonlyMap<PropertyKey, PropertyDescriptor>

let known: ReadonlyMap<string, Members> | undefined

/**
 * Call it before foreign code is loaded. From then on nothing can be added to `Object.prototype`, and it has
 * no `__proto__`: a handler that merges a user's JSON carelessly adds no member to every object of the
 * process. (Literals `{ __proto__: … }` are syntax and go on to work.) What is changed in the other
 * prototypes, by a polyfill perhaps, `changedPrototypes` tells. For the thread that calls it.
 *
 * Node's --frozen-intrinsics would do more, but it is experimental, warns at every start, and breaks the
 * polyfills of bots' libraries.
 */
export function guardPrototypes(): void {
  if (known !== undefined) return
  Reflect.deleteProperty(Object.prototype, '__proto__')
  Object.preventExtensions(Object.prototype)
  known = new Map(Object.entries(guarded).map(([name, prototype]) => [name, membersOf(prototype)]))
}

/**
 * The members of prototypes that are new, changed or gone since {@link guardPrototypes}, such as
 * `Array.prototype.last`.
 */
export function changedPrototypes(): string[] {
  return [...(known ?? [])].flatMap(([name, before]) => {
    const now = membersOf(guarded[name]!)
    const members = new Set([...before.keys(), ...now.keys()])
    return [...members]
      .filter(key => !isSame(before.get(key), now.get(key)))
      .map(key => `${name}.${String(key)}`)
  })
}

function membersOf(prototype: object): Members {
  return new Map(
    Reflect.ownKeys(prototype).map(key => [key, Object.getOwnPropertyDescriptor(prototype, key)!]),
  )
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  return (
    a?.value === b?.value && a?.get === b?.get && a?.set === b?.set && (a === undefined) === (b === undefined)
  )
}
