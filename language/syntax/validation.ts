/** Set to `true` by the bundler of the shipped build (`define`), and not there otherwise. */
declare const RETRAIN_SHIPPED: boolean | undefined;

/** Chevrotain checks lexer and grammar for mistakes when it starts, except in the shipped build: that saves start-up time. */
export const validateGrammar: boolean = typeof RETRAIN_SHIPPED === "undefined" || !RETRAIN_SHIPPED;
