import type { Chapter } from "./chapters.ts";
import type { Strike } from "./strike.ts";
import { WINDOWS } from "./windows.ts";

type Name = Chapter["name"];

/** Changes of the route, and other effects, that a chapter makes. */
const EFFECTS: Readonly<Record<Name, { readonly routes: number; readonly others: readonly ("alias" | "register")[] }>> =
  {
    "first model": { routes: 2, others: ["alias", "register"] },
    promoted: { routes: 4, others: ["alias", "register"] },
    refused: { routes: 0, others: [] },
    "rolled back": { routes: 3, others: ["register"] },
  };

/** Random numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Deals strikes so that every window and both sides of every kind of effect get their share, in an order that follows from a seed. */
export class Plan {
  readonly #random: () => number;
  readonly #lengths: Readonly<Record<Name, ReadonlyMap<string, number>>>;
  /** How often each window, and each effect with its side, has been dealt. */
  readonly #dealt = new Map<string, number>();
  #turn = 0;
  #effectIsNext = true;
  #side: "before" | "after" = "before";

  constructor(seed: number, lengths: Readonly<Record<Name, ReadonlyMap<string, number>>>) {
    this.#random = randomFrom(seed);
    this.#lengths = lengths;
  }

  /** The strikes of one chapter, in turn: a first, and now and then one in the life that goes on after it. */
  chapter(name: Name): readonly Strike[] {
    this.#turn += 1;
    const { routes, others } = EFFECTS[name];
    const first = routes + others.length > 0 && this.#isEffectNext() ? this.#effect(name) : this.#window(name);
    const second: Strike = { how: "recovery", delay: 100 + 1_500 * this.#random() };
    return this.#turn % 4 === 2 ? [first, second] : [first];
  }

  /** Chapters that have effects are struck at one and in a window by turns. */
  #isEffectNext(): boolean {
    this.#effectIsNext = !this.#effectIsNext;
    return !this.#effectIsNext;
  }

  #effect(name: Name): Strike {
    const { routes, others } = EFFECTS[name];
    const side = this.#side;
    this.#side = side === "before" ? "after" : "before";
    const kinds = ["route" as const, ...others];
    const effect = this.#rarest(kinds.map((kind) => [`${kind} ${side}`, kind] as const));
    return { how: "effect", effect, side, nth: Math.floor(this.#random() * routes) };
  }

  #window(name: Name): Strike {
    const window = this.#rarest(WINDOWS[name].map((one) => [one.name, one] as const));
    const delay = (this.#lengths[name].get(window.name) ?? 0) * this.#random();
    const also = alsoKilled(window.name, this.#random());
    return { how: "window", window, delay, ...(also === undefined ? {} : { also }) };
  }

  /** One of those that were dealt least often. */
  #rarest<Value>(choices: readonly (readonly [string, Value])[]): Value {
    const count = ([name]: readonly [string, Value]) => this.#dealt.get(name) ?? 0;
    const least = Math.min(...choices.map(count));
    const rare = choices.filter((choice) => count(choice) === least);
    const chosen = rare[Math.floor(this.#random() * rare.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    this.#dealt.set(chosen[0], least + 1);
    return chosen[1];
  }
}

function alsoKilled(window: string, random: number): "step" | "server" | undefined {
  if ((window === "train" || window === "evaluate") && random < 0.5) return "step";
  if ((window === "shadow" || window === "canary" || window === "full") && random < 0.5) return "server";
  return undefined;
}
