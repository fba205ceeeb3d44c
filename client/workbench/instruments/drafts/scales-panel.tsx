/** The scales of a draft beside its form: items dragged or chosen into scales, keying, range, score rule and aggregation. */
import { type DragEvent, useState } from 'react';
import type { Scale } from '../../../../instruments/instrument.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';
import { announce } from '../../parts/announce.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { type DraftItem, itemsOf, moveItem, reverseItem, scalesOf, withScales } from './content.ts';
import { ScaleFields } from './scale-fields.tsx';

interface PanelProps {
  readonly content: DraftContent;
  change(next: DraftContent): void;
}

const dragged = 'application/x-fidelis-item';

export function ScalesPanel({ content, change }: PanelProps) {
  const scales = scalesOf(content);
  // Not the id: it is typed in the zone itself, which must not lose the focus.
  const { keys, drop } = useRowKeys(scales.length);
  const items = itemsOf(content);
  const keyed = new Set(scales.flatMap((scale) => scale.items.map(({ name }) => name)));
  const free = items.filter(({ name }) => !keyed.has(name));
  const move = (item: string, scale: string) => {
    change(moveItem(content, item, scale));
    const title = scales.find(({ id }) => id === scale)?.title;
    announce(scale === '' ? `${item} is in no scale.` : `${item} is in the scale ${title || scale}.`);
  };
  const add = () => {
    const taken = new Set([...scales.map(({ id }) => id), ...items.map(({ name }) => name)]);
    let number = scales.length + 1;
    while (taken.has(`scale_${number}`)) number += 1;
    const range = free.find((item) => item.range !== null)?.range ?? { min: 1, max: 5 };
    const scale: Scale = {
      ...{ id: `scale_${number}`, title: `Scale ${number}`, construct: 'What it measures', items: [], range },
      ...{ score: 'mean', minimumAnswered: 1, aggregation: 'person-first', referenceValues: [] },
    };
    change(withScales(content, [...scales, scale]));
  };
  return (
    <div className="stack">
      <DropZone label="Items in no scale" scale="" move={move}>
        {free.length === 0 ? (
          <p className="soft">{items.length === 0 ? 'The form has no items yet.' : 'Every item is in a scale.'}</p>
        ) : (
          <ul className="keyed-items keyed-items-free">
            {free.map((item) => (
              <ItemLine key={item.name} item={item} scales={scales} scale="" move={move} />
            ))}
          </ul>
        )}
      </DropZone>
      {scales.map((scale, position) => (
        <DropZone key={keys[position]} label={scale.title || scale.id} scale={scale.id} move={move}>
          {scale.items.length === 0 && <p className="soft">Drag items here, or choose this scale at an item.</p>}
          <ul className="keyed-items">
            {scale.items.map(({ name, reversed }) => (
              <ItemLine
                key={name}
                item={items.find((item) => item.name === name) ?? { name, title: 'not in the form', range: null }}
                scales={scales}
                scale={scale.id}
                reversed={reversed}
                move={move}
                reverse={(next) => change(reverseItem(content, name, next))}
              />
            ))}
          </ul>
          <ScaleFields
            scale={scale}
            change={(next) =>
              change(
                withScales(
                  content,
                  scales.map((one, at) => (at === position ? next : one)),
                ),
              )
            }
            remove={() => {
              drop(position);
              change(
                withScales(
                  content,
                  scales.filter((_, at) => at !== position),
                ),
              );
            }}
          />
        </DropZone>
      ))}
      <p>
        <button type="button" className="button" onClick={add}>
          Add a scale
        </button>
      </p>
    </div>
  );
}

interface ZoneProps {
  readonly label: string;
  readonly scale: string;
  move(item: string, scale: string): void;
  readonly children: React.ReactNode;
}

function DropZone({ label, scale, move, children }: ZoneProps) {
  const [over, setOver] = useState(false);
  const isItem = (event: DragEvent) => event.dataTransfer.types.includes(dragged);
  return (
    <section
      className={over ? 'card key-zone key-zone-over' : 'card key-zone'}
      aria-label={label}
      onDragOver={(event) => {
        if (!isItem(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!isItem(event)) return;
        event.preventDefault();
        move(event.dataTransfer.getData(dragged), scale);
      }}
    >
      <h3>{label}</h3>
      {children}
    </section>
  );
}

interface LineProps {
  readonly item: DraftItem;
  readonly scales: readonly Scale[];
  readonly scale: string;
  readonly reversed?: boolean;
  move(item: string, scale: string): void;
  reverse?(reversed: boolean): void;
}

function ItemLine({ item, scales, scale, reversed, move, reverse }: LineProps) {
  return (
    <li draggable onDragStart={(event) => event.dataTransfer.setData(dragged, item.name)}>
      <span className="key-handle" aria-hidden="true">
        ⠿
      </span>
      <span className="key-item">
        <code>{item.name}</code> {item.title !== item.name && item.title}
      </span>
      {reverse && (
        <label className="key-reversed">
          <input type="checkbox" checked={reversed ?? false} onChange={(event) => reverse(event.target.checked)} />
          Reversed<span className="visually-hidden">: {item.name}</span>
        </label>
      )}
      <select
        aria-label={`Scale of ${item.name}`}
        value={scale}
        onChange={(event) => move(item.name, event.target.value)}
      >
        <option value="">In no scale</option>
        {scales.map(({ id, title }) => (
          <option key={id} value={id}>
            {title || id}
          </option>
        ))}
      </select>
    </li>
  );
}
