/** A choice among few names, all of them in sight. */
export function Choice({
  label,
  names,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly names: readonly string[];
  readonly chosen: string;
  readonly onChange: (name: string) => void;
}) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => onChange(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
