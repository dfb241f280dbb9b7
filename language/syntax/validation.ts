/** Chevrotain checks lexer and grammar for mistakes when it starts; the bundler sets this to false for the shipped build. */
export const validateGrammar: boolean = true;
