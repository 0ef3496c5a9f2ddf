/** @file The linter's rules for JavaScript: those that find mistakes, and those that keep code plain. */

import js from "@eslint/js";
import globals from "globals";

/** What runs in Node; all else runs in the student's browser. */
const IN_NODE = ["tests/**", "benchmarks/**", "*.config.js"];

export default [
  { ignores: ["_build/", "dist/", ".venv/"] },
  js.configs.recommended,
  { languageOptions: { globals: globals.browser }, ignores: IN_NODE },
  { languageOptions: { globals: globals.node }, files: IN_NODE },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "eqeqeq": "error",
      "no-alert": "error",
      "no-console": "error",
      "no-constructor-return": "error",
      "no-duplicate-imports": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      // "_" begins a name that only holds the place of what is not used.
      "no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "yoda": "error",
    },
  },
];
