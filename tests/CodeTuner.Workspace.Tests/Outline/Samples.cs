using CodeTuner.Workspace.Languages;

namespace CodeTuner.Workspace.Tests.Outline;

/// <summary>One realistic, valid document for each language, with the traps that its lexer has to know.</summary>
internal static class Samples
{
    public static readonly Language[] Languages =
    [
        Language.CSharp, Language.TypeScript, Language.JavaScript, Language.Python, Language.Java, Language.Go, Language.Rust,
        Language.C, Language.Cpp,
    ];

    public static string Of(Language language) => language switch
    {
        Language.CSharp => CSharp,
        Language.TypeScript => TypeScript,
        Language.JavaScript => JavaScript,
        Language.Python => Python,
        Language.Java => Java,
        Language.Go => Go,
        Language.Rust => Rust,
        Language.C => C,
        _ => Cpp,
    };

    private const string CSharp = """"
        using System;

        namespace Shop;

        /// <summary>A cart.</summary>
        public sealed class Cart<T>(int size) : IDisposable where T : class
        {
            private readonly string brace = "{", raw = """ " } """, verbatim = @"\";

            public int Size { get; set; }

            public int Twice => Size * 2;

            public int Checked
            {
                get => Size;
                set { Size = value < 0 ? throw new ArgumentException($"no {value} {"}"}") : value; }
            }

            /// <summary>Adds.</summary>
            /// <param name="item">What.</param>
            [Obsolete("}")]
            public void Add(T item)
            {
                int Local(int x) => x + 1;
                if (item is { } other) { Size = Local(Size); }
            }

            /** Frees. */
            public void Dispose() => GC.SuppressFinalize(this);

            public static Cart<T> operator +(Cart<T> a, T b) { a.Add(b); return a; }

            private enum Color { Red, Green }
        }
        """";

    private const string TypeScript = """
        import { a } from './a';

        /** Greets. */
        export async function greet(name: string, options: { loud?: boolean } = {}): Promise<{ text: string }> {
          const pattern = /[/}"'`]+/g;
          return { text: `hi ${name.replace(pattern, (m) => `${m}}`)} {` };
        }

        /** Adds. */
        export const add = (a: number, b: number): number => a + b;

        const wide: Map<string, number> = new Map();
        const typed: (x: number) => string = (x) => {
          return String(x / 2 / 1);
        };

        @Injectable({ providedIn: 'root' })
        export class Service<T extends { id: string }> extends Base<T> implements OnInit {
          private readonly items: T[] = [];
          #secret = 1;
          handler = async (event: Event) => { this.handle(event); };

          constructor(private readonly http: Http) { super(); }

          /** Size. */
          get size(): number { return this.items.length; }

          static of<K>(items: K[]): K[] {
            if (items.length > 0) { return items; }
            return [];
          }

          @HostListener('x', ['$event'])
          protected async load(id: string): Promise<void>;
          abstract draw(): void;
        }

        interface Shape { area(): number; name: string; }
        type Point = { x: number; distance(to: Point): number };
        enum Color { Red = 'r', Green = 'g' }

        namespace Inner {
          export function deep() { return 1; }
        }

        const view = (props: Props) => (
          <div className="a" onClick={() => props.go({ a: 1 })}>
            Don't {props.name} <br /> {`x`}
          </div>
        );
        """;

    private const string JavaScript = """
        'use strict';
        const fs = require('fs');

        /** Reads. */
        function read(path) {
          return fs.readFileSync(path, 'utf8').split(/\r?\n/);
        }

        exports.write = function (path, text) {
          fs.writeFileSync(path, text);
        };

        Store.prototype.get = function get(key) { return this[key]; };

        const double = x => x * 2
        const triple = async (x) =>
          x * 3

        module.exports = {
          start() { return 1; },
          stop: () => { return 2; },
          name: 'a',
        };

        class Queue extends Array {
          static #count = 0;
          *items() { yield* this; }
          'quoted'() { return 0; }
          push(item) { if (item) { super.push(item); } return this; }
        }

        export default function () { return 0; }
        """;

    private const string Python = """"
        """Module."""
        import os
        from typing import *


        # Not a doc string.
        @decorate(
            "x",
        )
        async def fetch(
            url: str,
            *, retries: int = 3,
        ) -> dict[str, int]:
            """Fetches."""
            if retries > 0:
                return {"a": f"{url}:{retries!r}"}
            text = r"\"" + '#'  # a comment
            text2 = '''
        def no(): pass
        '''
            return await fetch(url) \
                or None


        class Stack(list, metaclass=Meta):
            '''A stack.'''

            size = 0

            @property
            def top(self):
                # Why this.
                return self[-1]

            def push(self, item): self.append(item)

            class Inner:
                def deep(self):
                    def deeper():
                        return 1
                    return deeper


        def last():
            match point:
                case (0, 0):
                    return 1
            try:
                pass
            except (A, B) as e:
                raise X from e
            else: pass
        """";

    private const string Java = """"
        package shop;

        import java.util.*;

        /** A cart. */
        @Entity(name = "cart{")
        public abstract class Cart<T extends Comparable<T>> implements Iterable<T> {
            private static final int[] SIZES = {1, 2, 3};
            private final List<T> items = new ArrayList<>();
            private final String text = """
                a "quoted" {
                """;

            static { System.out.println('"'); }

            /** Makes. */
            public Cart(int size) { this.size = size; }

            /**
             * Adds.
             */
            @Override
            @SuppressWarnings({"unchecked", "raw"})
            public <K> Map<String, List<K>> add(final T item, K... more) throws IOException, A.B {
                Runnable r = new Runnable() {
                    @Override public void run() { go(); }
                };
                if (check(item)) { return null; }
                return items.stream().map(i -> { return i; }).collect();
            }

            protected abstract int size();

            enum Color implements Named {
                RED(1) { String label() { return "r"; } },
                GREEN(2);

                private final int code;
                Color(int code) { this.code = code; }
            }

            record Point(int x, int y) {
                Point { check(x); }
                int sum() { return x + y; }
            }

            @interface Note { String value() default "{"; }
        }

        interface Named { String label(); default int one() { return 1; } }
        """";

    private const string Go = """
        package main

        import "fmt"

        // Stack is a stack.
        // It grows.
        type Stack[T any] struct {
        	items []T
        }

        // Reader reads.
        type Reader interface {
        	// Read reads.
        	Read(p []byte) (n int, err error)
        	Close() error
        }

        type (
        	point struct{ x, y int }
        	id    int
        )

        // Push adds.
        //
        //go:noinline
        func (s *Stack[T]) Push(item T) (ok bool, err error) {
        	raw := `{"a" \`
        	r := '\''
        	go func() { fmt.Println(raw, r) }()
        	return true, nil
        }

        func Map[T, U any](in []T, f func(T) U) interface{} {
        	for i := range in {
        		f(in[i])
        	}
        	return nil
        }

        /* Main. */
        func main() { fmt.Println("}") }

        func external(x int) int
        """;

    private const string Rust = """"
        //! Crate docs.
        #![allow(dead_code)]

        use std::fmt;

        /// A stack.
        #[derive(Debug, Clone)]
        pub struct Stack<'a, T: 'a> where T: fmt::Debug {
            items: Vec<&'a T>,
        }

        pub struct Unit;
        struct Pair(i32, char);

        impl<'a, T> fmt::Display for Stack<'a, T> {
            /// Shows.
            /// Twice.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let c = '{'; let q = '\''; let raw = r#"}"#; let b = b'"';
                write!(f, "{} {:?}
                    more", c, raw)
            }
        }

        pub(crate) trait Shape { fn area(&self) -> f64; fn twice(&self) -> f64 { self.area() * 2.0 } }

        /** Runs. */
        pub async unsafe fn run<F: Fn(i32) -> Vec<i32>>(f: F) -> impl Iterator<Item = i32> {
            let p: fn(i32) -> i32 = |x| x + 1;
            'outer: loop { break 'outer; }
            /* outer /* inner } */ still */
            f(p(1)).into_iter()
        }

        mod inner {
            pub fn deep() {}
        }

        enum Kind { A { x: i32 }, B(i32) }

        macro_rules! twice { ($e:expr) => { $e; $e }; }
        """";

    private const string C = """
        #include <stdio.h>
        #define BRACE(x) do { \
            x; } while (0)

        /* Adds. */
        static inline int add(int a, int b)
        {
            return a + b;
        }

        // A point.
        typedef struct point {
            int x, y;
        } point_t;

        enum color { RED, GREEN = '}' };

        /**
         * Prints.
         */
        void print_all(const char *text, ...) __attribute__((format(printf, 1, 2)));

        #ifdef WIDE
        int wide(long a) {
        #else
        int wide(int a) {
        #endif
            return a ? sizeof(a) : 1'000;
        }

        int table[] = { 1, 2, 3 };

        struct point *make(int x, int y) { struct point p = { .x = x }; if (x) { return 0; } return 0; }

        #if 0
        don't read this {
        #endif
        """;

    private const string Cpp = """
        #pragma once
        #include <vector>

        namespace shop::inner {

        /// A cart.
        template <typename T, class U = int>
        class Cart final : public Base<T> {
          Q_OBJECT

         public:
          explicit Cart(int size) : Base<T>(size), items_{1, 2} { init(); }
          virtual ~Cart() noexcept = default;

          /// Adds.
          void add(const T& item) const;
          bool operator==(const Cart& other) const { return raw == other.raw; }
          auto size() const -> decltype(items_.size()) { return items_.size(); }

         private:
          std::vector<T> items_{};
          const char* raw = R"x(} ")x";
          char digit = '\'';
          long big = 1'000'000;
        };

        enum class Color : int { Red, Green };

        // Adds an item.
        template <typename T>
        void Cart<T>::add(const T& item) const {
          auto f = [&](int x) { return x; };
          struct Local { int y() { return 1; } };
          for (auto& i : items_) { f(i); }
        }

        Cart<int>::~Cart() {}

        TEST(Cart, Adds) { EXPECT_EQ(1, 1); }

        }  // namespace shop::inner

        extern "C" {
        int exported(void);
        }

        union Value { int i; float f; };
        """;
}
