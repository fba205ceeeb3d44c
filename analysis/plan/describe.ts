/** Options of analyses in words and as JSON Schema, for `fidelis analyse --list` and for forms. */
import { z } from 'zod';
import type { Analysis } from './analysis.ts';
import { columnSchemas } from './options.ts';

export interface OptionDescription {
  readonly name: string;
  /** Like `list of numeric columns, at least 2`. */
  readonly type: string;
  /** `optional`, `default 0.95`, or nothing when it is needed. */
  readonly presence: string;
  readonly about: string;
}

/** The parts of JSON Schema that options use. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
}

/** The options as JSON Schema; names of columns have the format `column` or `numeric-column`. */
export function optionsSchema({ options }: Pick<Analysis, 'options'>): object {
  return z.toJSONSchema(options, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const mark = columnSchemas.get(zodSchema);
      if (mark) jsonSchema.format = mark.kind === 'numeric' ? 'numeric-column' : 'column';
    },
  });
}

/**
 * Each option in words, in the order of the schema.
 *
 * @example
 * describeOptions(adjustment)[0] // => { name: 'p', type: 'list of numbers from 0 and up to 1 or null, at least 1', presence: '', about: '' }
 */
export function describeOptions(analysis: Pick<Analysis, 'options'>): OptionDescription[] {
  const { properties = {}, required = [] } = optionsSchema(analysis) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    presence: presenceOf(schema, required.includes(name)),
    about: schema.description ?? '',
  }));
}

function presenceOf({ default: usual }: JsonSchema, needed: boolean): string {
  if (usual !== undefined) return `default ${JSON.stringify(usual)}`;
  return needed ? '' : 'optional';
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(String).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.map(typeOf).join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'array': {
      const least = schema.minItems === undefined ? '' : `, at least ${schema.minItems}`;
      return `list of ${typeOf(schema.items || {}).replace(/\b(column|number|text)\b/, '$1s')}${least}`;
    }
    case 'object':
      return objectType(schema);
    case 'string':
      return { column: 'column', 'numeric-column': 'numeric column' }[schema.format ?? ''] ?? 'text';
    case 'number':
    case 'integer':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${boundsOf(schema)}`;
    case 'null':
      return 'null';
    case 'boolean':
      return 'true or false';
    default:
      return 'value';
  }
}

function objectType({ properties, additionalProperties, required = [] }: JsonSchema): string {
  if (properties) {
    const parts = Object.entries(properties).map(
      ([name, part]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(part)}`,
    );
    return `{ ${parts.join('; ')} }`;
  }
  const each = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'value';
  return `{ name: ${each} }`;
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const told: string[] = [];
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) told.push(`from ${minimum}`);
  if (exclusiveMinimum !== undefined) told.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) told.push(`up to ${maximum}`);
  if (exclusiveMaximum !== undefined) told.push(`below ${exclusiveMaximum}`);
  return told.length === 0 ? '' : ` ${told.join(' and ')}`;
}
